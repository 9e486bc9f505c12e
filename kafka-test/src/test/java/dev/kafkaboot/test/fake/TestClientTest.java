package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import org.junit.jupiter.api.Test;

class TestClientTest {

    @Test
    void askingBringsTheAnswerOfEachRequest() {
        FakeKafka cluster = FakeKafka.builder().brokers(2).build();
        TestClient client = new TestClient(cluster, 2);

        ApiVersionsResponse versions = client.ask(new ApiVersionsRequest().clientSoftwareName("test").clientSoftwareVersion("1"), 3);
        MetadataResponse metadata = client.ask(new MetadataRequest());

        assertThat(versions.apiKeys()).isNotEmpty();
        assertThat(metadata.brokers()).extracting(broker -> broker.nodeId()).containsExactly(1, 2);
    }

    @Test
    void stoppedBrokerEndsTheConnection() {
        FakeKafka cluster = FakeKafka.builder().brokers(2).build();
        TestClient client = new TestClient(cluster, 2);

        cluster.broker(2).stop();

        assertThat(client.isClosed()).isTrue();
    }
}
