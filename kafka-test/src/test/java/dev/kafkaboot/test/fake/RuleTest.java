package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Frame;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleTest {

    private final FakeKafka cluster = FakeKafka.builder().brokers(2).build();
    private final TestClient client = new TestClient(cluster, 1);

    @Test
    void oneRequestFailsAndTheNextDoesNot() {
        cluster.createTopic("orders");
        cluster.on(MetadataRequest.class).fail(ErrorCode.TOPIC_AUTHORIZATION_FAILED);

        assertThat(errorOf(client.ask(askFor("orders")))).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(errorOf(client.ask(askFor("orders")))).isEqualTo(ErrorCode.NONE.code());
    }

    @Test
    void failedRequestHasNoEffect() {
        cluster.on(MetadataRequest.class).fail(ErrorCode.INVALID_TOPIC_EXCEPTION);

        client.ask(askFor("orders").allowAutoTopicCreation(true));

        assertThatThrownBy(() -> cluster.leaderOf("orders", 0)).hasMessageContaining("orders");
    }

    @Test
    void ruleLeavesOtherBrokersAlone() {
        Intervention<MetadataRequest, MetadataResponse> intervention =
                cluster.on(MetadataRequest.class).broker(2).always().fail(ErrorCode.UNKNOWN_SERVER_ERROR);

        client.ask(askFor());

        assertThat(intervention.hits()).isZero();
        new TestClient(cluster, 2).ask(askFor());
        assertThat(intervention.hits()).isOne();
        assertThat(intervention.isOver()).isFalse();
    }

    @Test
    void ruleTakesTheRequestsThatFulfilItsCondition() {
        cluster.createTopic("orders");
        cluster.createTopic("payments");
        cluster.on(MetadataRequest.class)
                .when(request -> request.topics() != null && "payments".equals(request.topics().get(0).name()))
                .fail(ErrorCode.TOPIC_AUTHORIZATION_FAILED);

        assertThat(errorOf(client.ask(askFor("orders")))).isEqualTo(ErrorCode.NONE.code());
        assertThat(errorOf(client.ask(askFor("payments")))).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
    }

    @Test
    void ruleSkipsAndCounts() {
        Intervention<MetadataRequest, MetadataResponse> intervention =
                cluster.on(MetadataRequest.class).skip(1).times(2).reply(request -> new MetadataResponse().clusterId("forged"));

        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(client.ask(askFor()).clusterId());
        }

        assertThat(ids).containsExactly(cluster.clusterId(), "forged", "forged", cluster.clusterId());
        assertThat(intervention.isOver()).isTrue();
    }

    @Test
    void firstRuleThatFitsTakesTheRequest() {
        cluster.on(MetadataRequest.class).reply(request -> new MetadataResponse().clusterId("first"));
        cluster.on(MetadataRequest.class).reply(request -> new MetadataResponse().clusterId("second"));

        assertThat(client.ask(askFor()).clusterId()).isEqualTo("first");
        assertThat(client.ask(askFor()).clusterId()).isEqualTo("second");
    }

    @Test
    void cancelledRuleTakesNothing() {
        cluster.on(MetadataRequest.class).always().cutBefore().cancel();

        client.ask(askFor());

        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void answerIsChanged() {
        cluster.on(MetadataRequest.class).change(response -> response.controllerId(7));

        assertThat(client.ask(askFor()).controllerId()).isEqualTo(7);
    }

    @Test
    void connectionIsCutBeforeAnythingIsDone() {
        cluster.on(MetadataRequest.class).cutBefore();

        client.send(askFor("orders").allowAutoTopicCreation(true), 13);

        assertThat(client.isClosed()).isTrue();
        assertThatThrownBy(() -> cluster.leaderOf("orders", 0)).hasMessageContaining("orders");
    }

    @Test
    void connectionIsCutAfterItIsDone() {
        cluster.on(MetadataRequest.class).cutAfter();

        client.send(askFor("orders").allowAutoTopicCreation(true), 13);

        assertThat(client.isClosed()).isTrue();
        assertThat(cluster.leaderOf("orders", 0)).isEqualTo(1);
    }

    @Test
    void connectionIsCutInsideTheAnswer() {
        cluster.on(MetadataRequest.class).cutInside(9);
        RecordingPeer peer = new RecordingPeer();
        FakeConnection connection = cluster.connect(1, peer);

        send(connection, askFor());

        assertThat(peer.bytes).hasSize(9);
        assertThat(peer.closed).isTrue();
    }

    @Test
    void anythingIsSentInThePlaceOfAnAnswer() {
        cluster.on(MetadataRequest.class).replyBytes((byte) 1, (byte) 2, (byte) 3);
        RecordingPeer peer = new RecordingPeer();
        FakeConnection connection = cluster.connect(1, peer);

        send(connection, askFor());

        assertThat(peer.bytes).containsExactly((byte) 1, (byte) 2, (byte) 3);
        assertThat(peer.closed).isFalse();
    }

    @Test
    void requestWaitsBeforeItIsDone() {
        cluster.on(MetadataRequest.class).delay(Duration.ofSeconds(1));
        TestClient.Reply<MetadataResponse> reply = client.send(askFor("orders").allowAutoTopicCreation(true), 13);

        client.pass(999);
        assertThat(reply.isHere()).isFalse();
        assertThatThrownBy(() -> cluster.leaderOf("orders", 0)).hasMessageContaining("orders");

        client.pass(1);
        assertThat(reply.isHere()).isTrue();
        assertThat(cluster.leaderOf("orders", 0)).isEqualTo(1);
    }

    @Test
    void answerWaitsAfterItIsDoneAndHoldsUpTheNext() {
        cluster.on(MetadataRequest.class).delayReply(Duration.ofSeconds(1));
        TestClient.Reply<MetadataResponse> first = client.send(askFor("orders").allowAutoTopicCreation(true), 13);
        TestClient.Reply<MetadataResponse> second = client.send(askFor(), 13);

        assertThat(cluster.leaderOf("orders", 0)).isEqualTo(1);
        client.pass(999);
        assertThat(first.isHere() || second.isHere()).isFalse();

        client.pass(1);
        assertThat(first.isHere()).isTrue();
        assertThat(second.isHere()).isTrue();
    }

    @Test
    void unansweredRequestHoldsUpTheConnectionForGood() {
        cluster.on(MetadataRequest.class).swallow();
        TestClient.Reply<MetadataResponse> first = client.send(askFor(), 13);
        TestClient.Reply<MetadataResponse> second = client.send(askFor(), 13);

        client.pass(3_600_000);

        assertThat(first.isHere() || second.isHere()).isFalse();
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void throttledClientIsToldAndMadeToWait() {
        cluster.on(MetadataRequest.class).throttle(Duration.ofMillis(500));

        assertThat(client.ask(askFor()).throttleTimeMs()).isEqualTo(500);
        TestClient.Reply<MetadataResponse> next = client.send(askFor(), 13);
        client.pass(499);
        assertThat(next.isHere()).isFalse();
        client.pass(1);
        assertThat(next.isHere()).isTrue();
    }

    @Test
    void somethingElseHappensFirst() {
        cluster.createTopic("orders");
        cluster.on(MetadataRequest.class).before(request -> cluster.moveLeader("orders", 0, 2));

        MetadataResponse answer = client.ask(askFor("orders"));

        assertThat(answer.topics().get(0).partitions().get(0).leaderId()).isEqualTo(2);
    }

    private static MetadataRequest askFor(String... topics) {
        return new MetadataRequest()
                .topics(List.of(topics).stream().map(name -> new MetadataRequestTopic().name(name)).toList())
                .allowAutoTopicCreation(false);
    }

    private static short errorOf(MetadataResponse response) {
        return response.topics().get(0).errorCode();
    }

    private static void send(FakeConnection connection, MetadataRequest request) {
        Frame.encode(request, (short) 13, 1, "test").forEach(connection::receive);
    }

    private static final class RecordingPeer implements Peer {

        private final List<Byte> bytes = new ArrayList<>();
        private boolean closed;

        @Override
        public void send(ByteBuffer sent) {
            while (sent.hasRemaining()) {
                bytes.add(sent.get());
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
