package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReaderTest {

    @Test
    void aLengthBeyondTheEndIsRefusedBeforeAnythingIsAllocated() {
        assertThatThrownBy(() -> reader(out -> out.writeInt(Integer.MAX_VALUE)).readBytes(false))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("A field claims 2147483647 bytes where 0 remain");
        assertThatThrownBy(() -> reader(out -> out.writeInt(-2)).readSlice(false)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> reader(out -> out.writeUnsignedVarint(-1)).readString(true)).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> reader(out -> out.writeShort((short) 5)).readString(false)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void aCountBeyondTheBytesThatRemainIsRefused() {
        assertThatThrownBy(() -> reader(out -> out.writeInt(900_000)).readArray(false, Reader::readByte))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("An array claims 900000 elements where 0 bytes remain");
        assertThatThrownBy(() -> reader(out -> out.writeInt(-7)).readArray(false, Reader::readByte))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void taggedFieldsMustAscendAndFit() {
        assertThatThrownBy(() -> tags(2, 5, 0, 5, 0)).hasMessage("Tagged field 5 comes after 5");
        assertThatThrownBy(() -> tags(1, 0, 9)).hasMessage("A tagged field claims 9 bytes where 0 remain");
        assertThatThrownBy(() -> tags(20_000)).hasMessageContaining("20000 tagged fields");
        assertThatThrownBy(() -> reader(1, 0, 2, 7, 7).readTaggedFields((tag, in) -> in.readByte() == 7))
                .hasMessage("Tagged field 0 has 1 bytes too many");
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
    void brokenMessagesGiveProtocolExceptionsAndNothingElse() {
        Random random = new Random(7);
        byte[] metadata = bytes(new MetadataResponse()
                .brokers(List.of(new MetadataResponse.MetadataResponseBroker().nodeId(1).host("broker").port(9092)))
                .topics(List.of(new MetadataResponse.MetadataResponseTopic().name("orders")
                        .partitions(List.of(new MetadataResponse.MetadataResponsePartition().replicaNodes(List.of(1, 2)))))), 13);
        byte[] fetch = bytes(new FetchResponse().responses(List.of(new FetchResponse.FetchableTopicResponse()
                .partitions(List.of(new FetchResponse.PartitionData().records(Bytes.wrap(new byte[40])))))), 17);

        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            refused += isRefused(random, metadata, new MetadataResponse(), 13) ? 1 : 0;
            refused += isRefused(random, fetch, new FetchResponse(), 17) ? 1 : 0;
        }

        assertThat(refused).isBetween(1_000, 39_999);
    }

    private static boolean isRefused(Random random, byte[] valid, Message message, int version) {
        byte[] broken = java.util.Arrays.copyOf(valid, random.nextInt(4) == 0 ? random.nextInt(valid.length) : valid.length);
        for (int i = random.nextInt(4); i > 0 && broken.length > 0; i--) {
            broken[random.nextInt(broken.length)] = (byte) random.nextInt();
        }
        try {
            message.read(new Reader(ByteBuffer.wrap(broken)), (short) version);
            return false;
        } catch (ProtocolException refused) {
            return true;
        }
    }

    private static byte[] bytes(Message message, int version) {
        Writer out = new Writer();
        message.write(out, (short) version);
        return out.toByteArray();
    }

    private static void tags(int... varints) {
        reader(out -> {
            for (int varint : varints) {
                out.writeUnsignedVarint(varint);
            }
        }).readTaggedFields((tag, in) -> false);
    }

    private static Reader reader(java.util.function.Consumer<Writer> content) {
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
