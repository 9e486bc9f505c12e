package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.ProduceRequest;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

class FrameTest {

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
        assertThat(frame.get(0).getInt(0)).isEqualTo(frame.stream().mapToInt(ByteBuffer::remaining).sum() - Frame.SIZE_BYTES);
    }

    @Test
    void theHeadersOfEveryApiAndVersionAreThoseThatApacheReadsAndWrites() {
        for (ApiKey api : ApiKey.values()) {
            ApiKeys theirs = ApiKeys.forId(api.id());
            assertThat(api.name()).isEqualTo(theirs.name());
            assertThat(api.lowestVersion()).isEqualTo(theirs.messageType.lowestSupportedVersion());
            assertThat(api.highestVersion()).isEqualTo(theirs.messageType.highestSupportedVersion(/* enableUnstableLastVersion= */ false));
            assertThat(api.highestUnstableVersion()).isEqualTo(theirs.messageType.highestSupportedVersion(/* enableUnstableLastVersion= */ true));
            for (short version = api.lowestVersion(); version <= api.highestUnstableVersion(); version++) {
                assertThat(api.requestHeaderVersion(version)).as("%s %s", api, version).isEqualTo(theirs.requestHeaderVersion(version));
                assertThat(api.responseHeaderVersion(version)).as("%s %s", api, version).isEqualTo(theirs.responseHeaderVersion(version));
            }
        }
    }

    @Test
    void apacheReadsTheHeaderOfAFrame() {
        ByteBuffer frame = Frame.encode(new ApiVersionsRequest(), (short) 2, 7, "client").get(0);
        frame.getInt();

        RequestHeader header = RequestHeader.parse(frame);

        assertThat(header.apiKey()).isEqualTo(ApiKeys.API_VERSIONS);
        assertThat(header.apiVersion()).isEqualTo((short) 2);
        assertThat(header.correlationId()).isEqualTo(7);
        assertThat(header.clientId()).isEqualTo("client");
        assertThat(frame.hasRemaining()).isFalse();
    }

    @Test
    void theHeaderOfAResponseIsReadWithItsTaggedFieldsButNeverInAnApiVersionsResponse() {
        byte[] flexible = {0, 0, 0, 9, 0, 55};
        Reader metadata = new Reader(ByteBuffer.wrap(flexible));
        Reader versions = new Reader(ByteBuffer.wrap(flexible));

        assertThat(Frame.readResponseHeader(metadata, ApiKey.METADATA, (short) 9)).isEqualTo(9);
        assertThat(Frame.readResponseHeader(versions, ApiKey.API_VERSIONS, (short) 3)).isEqualTo(9);

        assertThat(metadata.remaining()).isEqualTo(1);
        assertThat(versions.remaining()).isEqualTo(2);
    }

    @Test
    void aResponseThatEndsInItsHeaderIsRefused() {
        assertThatThrownBy(() -> Frame.readResponseHeader(new Reader(ByteBuffer.wrap(new byte[3])), ApiKey.METADATA, (short) 0))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void anApiThatIsNotKnownIsNull() {
        assertThat(ApiKey.forId(3)).isEqualTo(ApiKey.METADATA);
        assertThat(ApiKey.forId(4)).as("a number whose versions are all removed").isNull();
        assertThat(ApiKey.forId(-1)).isNull();
        assertThat(ApiKey.forId(0x10003)).isNull();
    }
}
