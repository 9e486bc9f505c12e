package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ReaderTest {

    @Test
    void aLengthBeyondTheEndIsRefusedBeforeAnythingIsAllocated() {
        assertThatThrownBy(() -> reader(out -> out.writeInt(Integer.MAX_VALUE)).readBytes(false))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("A field claims 2147483647 bytes where 0 remain (at byte 4)");
        assertThatThrownBy(() -> reader(out -> out.writeInt(-2)).readSlice(false)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> reader(out -> out.writeUnsignedVarint(-1)).readString(true)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> reader(out -> out.writeShort((short) 5)).readString(false)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void aCountBeyondTheBytesThatRemainIsRefused() {
        assertThatThrownBy(() -> reader(out -> out.writeInt(900_000)).readArray(false, 1, Reader::readByte))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("An array claims 900000 elements of 1 or more bytes where 0 bytes remain (at byte 4)");
        assertThatThrownBy(() -> reader(out -> out.writeInt(-7)).readArray(false, 1, Reader::readByte))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void taggedFieldsMustAscendAndFit() {
        assertThatThrownBy(() -> tags(2, 5, 0, 5, 0)).hasMessage("Tagged field 5 comes after 5 (at byte 4)");
        assertThatThrownBy(() -> tags(1, 0, 9)).hasMessage("A tagged field claims 9 bytes where 0 remain (at byte 3)");
        assertThatThrownBy(() -> tags(20_000)).hasMessageContaining("20000 tagged fields");
        assertThatThrownBy(() -> reader(1, 0, 2, 7, 7).readTaggedFields((tag, in) -> in.readByte() == 7))
                .hasMessage("Tagged field 0 has 1 bytes too many (at byte 4)");
        assertThatThrownBy(() -> reader(1, 0, 1, 7, 7).readTaggedFields((tag, in) -> in.readShort() == 7))
                .as("a known field cannot read past its own end")
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void aVariableLengthNumberHasAnEnd() {
        assertThatThrownBy(() -> reader(0x80, 0x80, 0x80, 0x80, 0x80, 0x01).readUnsignedVarint()).isInstanceOf(MalformedMessageException.class);
        assertThat(reader(0xff, 0xff, 0xff, 0xff, 0x0f).readUnsignedVarint()).isEqualTo(-1);
    }

    @Test
    void slicesAreByReference() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, 0, 0, 2, 1, 2});

        Bytes slice = new Reader(buffer).readSlice(false);
        buffer.put(4, (byte) 9);

        assertThat(slice.toByteArray()).containsExactly(9, 2);
        assertThat(buffer.position()).isZero();
    }

    @Test
    void moreThanAMillionElementsAreRefusedEvenIfTheyAreThere() {
        byte[] bytes = ByteBuffer.allocate(1_000_005).putInt(1_000_001).array();

        assertThatThrownBy(() -> new Reader(ByteBuffer.wrap(bytes)).readArray(false, 1, Reader::readByte))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void nullIsRefusedWhereItMayNotBe() {
        assertThatThrownBy(() -> reader(0).readString(true)).isInstanceOf(MalformedMessageException.class)
                .hasMessage("A text is null where it may not be (at byte 1)");
        assertThatThrownBy(() -> reader(0).readBytes(true)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> reader(0).readSlice(true)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> reader(0).readArray(true, 1, Reader::readByte)).isInstanceOf(MalformedMessageException.class);
        assertThat(reader(0).readNullableString(true)).isNull();
        assertThat(reader(0).readNullableBytes(true)).isNull();
        assertThat(reader(0).readNullableSlice(true)).isNull();
        assertThat(reader(0).readNullableArray(true, 1, Reader::readByte)).isNull();
    }

    @Test
    void aReaderBeginsWhereTheBufferStandsAndLeavesItThere() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 0, 5, 9}, 1, 2);
        Reader in = new Reader(buffer);

        assertThat(in.readShort()).isEqualTo((short) 5);
        assertThat(buffer.position()).isEqualTo(1);
        assertThatThrownBy(in::readByte).hasMessage("The message ends where 1 more bytes are needed; 0 remain (at byte 2)");
    }

    private static void tags(int... varints) {
        reader(out -> {
            for (int varint : varints) {
                out.writeUnsignedVarint(varint);
            }
        }).readTaggedFields((tag, in) -> false);
    }

    private static Reader reader(Consumer<Writer> content) {
        Writer out = new Writer(1);
        content.accept(out);
        return new Reader(ByteBuffer.wrap(out.toByteArray()));
    }

    private static Reader reader(int... bytes) {
        return reader(out -> {
            for (int b : bytes) {
                out.writeByte((byte) b);
            }
        });
    }
}
