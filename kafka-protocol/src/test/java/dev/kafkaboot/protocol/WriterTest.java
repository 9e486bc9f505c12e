package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriterTest {

    @Test
    void recordsStayWhereTheyAreAndStandInOrder() {
        ByteBuffer records = ByteBuffer.allocateDirect(3).put(new byte[] {7, 8, 9}).flip();
        Writer out = new Writer(1);
        out.writeByte((byte) 1);
        out.writeSlice(Bytes.of(records), true);
        out.writeLong(2);

        List<ByteBuffer> buffers = out.toBuffers();

        assertThat(buffers).hasSize(3);
        assertThat(buffers.get(1).isDirect()).isTrue();
        assertThat(out.size()).isEqualTo(1 + 1 + 3 + 8);
        assertThat(out.toByteArray()).containsExactly(1, 4, 7, 8, 9, 0, 0, 0, 0, 0, 0, 0, 2);
    }

    @Test
    void aTextThatIsTooLongForItsLengthIsRefused() {
        assertThatThrownBy(() -> new Writer().writeString("x".repeat(40_000), false)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> new Writer().writeUnsignedShort(70_000)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aNumberOutOfItsRangeIsRefused() {
        assertThatThrownBy(() -> new Writer().writeUnsignedShort(-1)).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> new Writer().writeUnsignedInt(1L << 32)).isInstanceOf(ProtocolException.class);
        Writer out = new Writer();
        out.writeUnsignedShort(0xfffe);
        out.writeUnsignedInt(0xffff_fffeL);
        Reader in = new Reader(ByteBuffer.wrap(out.toByteArray()));
        assertThat(in.readUnsignedShort()).isEqualTo(0xfffe);
        assertThat(in.readUnsignedInt()).isEqualTo(0xffff_fffeL);
    }

    @Test
    void everyTextComesBack() {
        for (String text : List.of("", "plain", "żółw", "\u007f\u0080", "\ud83d\ude00", "x".repeat(300))) {
            for (boolean flexible : new boolean[] {true, false}) {
                Writer out = new Writer(1);
                out.writeString(text, flexible);

                assertThat(new Reader(ByteBuffer.wrap(out.toByteArray())).readString(flexible)).isEqualTo(text);
            }
        }
    }

    @Test
    void anElementThatIsNullIsRefused() {
        List<String> texts = Arrays.asList("a", null);

        assertThatThrownBy(() -> new Writer().writeArray(texts, true, (out, text) -> out.writeString(text, true)))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void aWriterCanBeUsedAgain() {
        Writer out = new Writer(1);
        out.writeLong(1);
        out.writeSlice(Bytes.wrap(new byte[3]), false);

        out.reset();
        out.writeByte((byte) 5);

        assertThat(out.size()).isEqualTo(1);
        assertThat(out.toByteArray()).containsExactly(5);
    }

    @Test
    void taggedFieldsAreWrittenInTheOrderOfTheirTags() {
        Writer out = new Writer();
        TaggedFields fields = new TaggedFields(List.of(new UnknownTaggedField(9, new byte[] {1})));
        fields.add(2, field -> field.writeShort((short) 7));

        fields.write(out);

        assertThat(out.toByteArray()).containsExactly(2, 2, 2, 0, 7, 9, 1, 1);
    }

    @Test
    void aTagThatIsUsedTwiceIsRefused() {
        TaggedFields fields = new TaggedFields(List.of(new UnknownTaggedField(2, new byte[] {1})));
        fields.add(2, field -> field.writeShort((short) 7));

        assertThatThrownBy(() -> fields.write(new Writer())).isInstanceOf(ProtocolException.class).hasMessage("Tag 2 is used twice");
    }
}
