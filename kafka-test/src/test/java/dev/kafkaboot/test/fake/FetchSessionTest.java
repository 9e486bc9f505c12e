package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.LogRequests.produce;
import static dev.kafkaboot.test.fake.TestFetch.only;
import static dev.kafkaboot.test.fake.TestFetch.valuesOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.test.fake.TestClient.Reply;
import org.junit.jupiter.api.Test;

class FetchSessionTest {

    private final FakeKafka cluster = FakeKafka.builder().brokers(2).build();
    private final TestClient client;

    FetchSessionTest() {
        cluster.createTopic("orders");
        cluster.createTopic("bills");
        cluster.moveLeader("bills", 0, 1);
        client = new TestClient(cluster, 1);
    }

    private TestFetch fetch() {
        return new TestFetch(cluster);
    }

    private FetchResponse ask(TestFetch fetch) {
        return client.ask(fetch.request(), 13);
    }

    private int begin() {
        FetchResponse full = ask(fetch().from("orders", 0).from("bills", 0).session(0, 0));
        assertThat(full.responses()).hasSize(2);
        return full.sessionId();
    }

    private void append(String topic, String value) {
        new TestClient(cluster, 1).ask(produce(cluster, topic, 1, TestBatch.of(value).bytes()));
    }

    @Test
    void incrementalAnswerHasOnlyWhatIsNew() {
        int session = begin();

        FetchResponse nothing = ask(fetch().session(session, 1));
        append("bills", "b");
        FetchResponse bills = ask(fetch().session(session, 2));

        assertThat(nothing.responses()).isEmpty();
        assertThat(nothing.sessionId()).isEqualTo(session);
        assertThat(valuesOf(only(bills))).containsExactly("b");
    }

    @Test
    void changedOffsetIsRemembered() {
        int session = begin();
        append("orders", "a");
        append("orders", "b");

        FetchResponse changed = ask(fetch().from("orders", 1).session(session, 1));
        FetchResponse again = ask(fetch().session(session, 2));

        assertThat(valuesOf(only(changed))).containsExactly("b");
        assertThat(valuesOf(only(again))).containsExactly("b");
    }

    @Test
    void forgottenPartitionIsNoLongerFetched() {
        int session = begin();

        ask(fetch().forget("orders").session(session, 1));
        append("orders", "a");
        FetchResponse after = ask(fetch().session(session, 2));

        assertThat(after.responses()).isEmpty();
    }

    @Test
    void servedPartitionGoesToTheEndOfTheLine() {
        int session = begin();
        append("orders", "a");
        append("bills", "b");

        FetchResponse first = ask(fetch().session(session, 1).maxBytes(1));
        FetchResponse second = ask(fetch().session(session, 2).maxBytes(1));

        assertThat(valuesOf(first.responses().get(0).partitions().get(0))).containsExactly("a");
        assertThat(valuesOf(second.responses().get(0).partitions().get(0))).containsExactly("b");
    }

    @Test
    void wrongEpochAndUnknownSessionAreErrors() {
        int session = begin();

        assertThat(ErrorCode.forCode(ask(fetch().session(session, 5)).errorCode())).isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        assertThat(ErrorCode.forCode(ask(fetch().session(session + 1, 1)).errorCode())).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(ErrorCode.forCode(client.ask(fetch().session(session, 1).request(), 12).errorCode()))
                .isEqualTo(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
    }

    @Test
    void finalEpochClosesTheSession() {
        int session = begin();

        FetchResponse last = ask(fetch().session(session, -1));
        FetchResponse after = ask(fetch().session(session, 1));

        assertThat(last.sessionId()).isZero();
        assertThat(ErrorCode.forCode(after.errorCode())).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void restartedBrokerKnowsNoSession() {
        int session = begin();

        cluster.broker(1).stop();
        cluster.broker(1).start();
        TestClient again = new TestClient(cluster, 1);

        assertThat(ErrorCode.forCode(again.ask(fetch().session(session, 1).request(), 13).errorCode()))
                .isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(again.ask(fetch().session(0, 0).request(), 13).sessionId()).isNotEqualTo(session);
    }

    @Test
    void errorIsToldAgainWhenItIsGone() {
        int session = begin();
        TestFetch beyond = fetch().from("orders", 9).session(session, 1);
        assertThat(ErrorCode.forCode(only(ask(beyond)).errorCode())).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);

        FetchResponse mended = ask(fetch().from("orders", 0).session(session, 2));

        assertThat(ErrorCode.forCode(only(mended).errorCode())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void unknownTopicIsToldOfBehindTheOthers() {
        int session = begin();
        ask(fetch().from("nowhere", 0).session(session, 1));
        append("orders", "a");
        append("bills", "b");

        FetchResponse answer = ask(fetch().session(session, 2));

        assertThat(answer.responses())
                .extracting(topic -> ErrorCode.forCode(topic.partitions().get(0).errorCode()))
                .containsExactly(ErrorCode.NONE, ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void keptIncrementalFetchIsWokenByAnyOfItsPartitions() {
        int session = begin();
        Reply<FetchResponse> reply = client.send(fetch().session(session, 1).waiting(500, 1).request(), 13);
        assertThat(reply.isHere()).isFalse();

        append("bills", "b");

        assertThat(valuesOf(only(reply.get()))).containsExactly("b");
    }

    @Test
    void keptFetchIsOutdatedByTheNextOneOfItsSession() {
        int session = begin();
        Reply<FetchResponse> kept = client.send(fetch().session(session, 1).waiting(500, 1).request(), 13);

        new TestClient(cluster, 1).ask(fetch().session(session, 2).request(), 13);
        client.pass(500);

        assertThat(ErrorCode.forCode(kept.get().errorCode())).isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
    }
}
