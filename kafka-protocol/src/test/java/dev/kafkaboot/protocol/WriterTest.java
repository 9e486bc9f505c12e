package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.ProduceRequest;
import java.nio.ByteBuffer;
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
    void aFrameHasItsSizeItsHeaderAndItsBody() {
        List<ByteBuffer> frame = Frame.encode(new ApiVersionsRequest().clientSoftwareName("a").clientSoftwareVersion("1"), (short) 3, 42, "me");

        ByteBuffer bytes = frame.get(0);
        assertThat(bytes.getInt()).isEqualTo(bytes.remaining());
        assertThat(bytes.getShort()).isEqualTo((short) 18);
        assertThat(bytes.getShort()).isEqualTo((short) 3);
        assertThat(bytes.getInt()).isEqualTo(42);
        assertThat(bytes.getShort()).as("the client id has a classic length, even in a flexible header").isEqualTo((short) 2);
    }

    @Test
    void aFrameKeepsRecordsByReference() {
        ByteBuffer batch = ByteBuffer.allocateDirect(64);
        ProduceRequest request = new ProduceRequest().topicData(List.of(new ProduceRequest.TopicProduceData().name("orders")
                .partitionData(List.of(new ProduceRequest.PartitionProduceData().records(Bytes.of(batch))))));

        List<ByteBuffer> frame = Frame.encode(request, (short) 9, 1, null);

        assertThat(frame).hasSize(3);
        assertThat(frame.get(1).isDirect()).isTrue();
        assertThat(frame.get(0).getInt(0)).isEqualTo(frame.stream().mapToInt(ByteBuffer::remaining).sum() - 4);
    }

    @Test
    void uuidsHaveTheFormOfKafka() {
        org.apache.kafka.common.Uuid theirs = org.apache.kafka.common.Uuid.randomUuid();

        Uuid ours = Uuid.fromString(theirs.toString());

        assertThat(ours.toString()).isEqualTo(theirs.toString());
        assertThat(ours.mostSignificantBits()).isEqualTo(theirs.getMostSignificantBits());
        assertThatThrownBy(() -> Uuid.fromString("AAAA")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3 bytes");
    }
}
