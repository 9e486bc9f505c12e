package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.TestTransactions.END_V2;
import static dev.kafkaboot.test.fake.TestTransactions.PRODUCE_V2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.InitProducerIdResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions that somebody else decides on (KIP-939). */
class TwoPhaseCommitTest {

    private static final int INIT_WITH_TWO_PHASES = 6;

    private final FakeKafka cluster = cluster(TwoPhaseCommit.COMPLETE);
    private final TestClient client = new TestClient(cluster, 1);
    private final TestTransactions writer = new TestTransactions(cluster, client, "billing");
    private final TestTransactions keeper = new TestTransactions(cluster, client, "billing");

    private static FakeKafka cluster(TwoPhaseCommit allowed) {
        FakeKafka cluster = FakeKafka.builder().twoPhaseCommit(allowed).build();
        cluster.createTopic("orders");
        TestTransactions.createInternalTopics(cluster);
        return cluster;
    }

    private static InitProducerIdResponse init(TestClient client, boolean keep) {
        return client.ask(new InitProducerIdRequest().transactionalId("billing").enable2Pc(true).keepPreparedTxn(keep), INIT_WITH_TWO_PHASES);
    }

    private static ErrorCode errorOf(InitProducerIdResponse answer) {
        return ErrorCode.forCode(answer.errorCode());
    }

    private InitProducerIdResponse initAs(TestTransactions producer, boolean keep) {
        InitProducerIdResponse answer = init(client, keep);
        producer.producerId = answer.producerId();
        producer.epoch = answer.producerEpoch();
        return answer;
    }

    private List<String> readCommitted() {
        return cluster.log("orders", 0).committedRecords().stream().map(FakeRecord::valueText).toList();
    }

    @ParameterizedTest
    @EnumSource(TwoPhaseCommit.class)
    void versionIsOfferedWhereBrokersHaveHeardOfIt(TwoPhaseCommit allowed) {
        var versions = new TestClient(cluster(allowed), 1)
                .ask(new ApiVersionsRequest().clientSoftwareName("test").clientSoftwareVersion("1"), 3).apiKeys();

        assertThat(versions).filteredOn(each -> each.apiKey() == ApiKey.INIT_PRODUCER_ID.id()).singleElement()
                .satisfies(each -> assertThat(each.maxVersion()).isEqualTo((short) (allowed == TwoPhaseCommit.UNKNOWN ? 5 : INIT_WITH_TWO_PHASES)));
    }

    @Test
    void releaseThatHasNotHeardOfItIsRefused() {
        assertThatThrownBy(() -> FakeKafka.builder().release("4.0").twoPhaseCommit(TwoPhaseCommit.COMPLETE).build())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4.0");
    }

    @Test
    void brokersThatDoNotAllowItRefuseTheProducer() {
        assertThat(errorOf(init(new TestClient(cluster(TwoPhaseCommit.REFUSED), 1), /* keep= */ false)))
                .isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    }

    @Test
    void brokersThatKeepNothingSaySoAndLeaveWhatIsOpen() {
        FakeKafka older = cluster(TwoPhaseCommit.WITHOUT_KEEPING);
        TestClient asking = new TestClient(older, 1);
        TestTransactions producer = new TestTransactions(older, asking, "billing");
        InitProducerIdResponse begun = init(asking, /* keep= */ false);
        producer.producerId = begun.producerId();
        producer.epoch = begun.producerEpoch();
        producer.send("orders", 0, PRODUCE_V2, "a");

        assertThat(errorOf(init(asking, /* keep= */ true))).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);

        assertThat(producer.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void transactionLastsUntilSomebodyEndsIt() {
        initAs(writer, /* keep= */ false);
        writer.send("orders", 0, PRODUCE_V2, "a");

        cluster.advanceTo(Duration.ofDays(1).toNanos());

        assertThat(writer.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.NONE);
        assertThat(readCommitted()).containsExactly("a");
    }

    @Test
    void keptTransactionIsToldAndEndedByWhoKeepsIt() {
        initAs(writer, /* keep= */ false);
        writer.send("orders", 0, PRODUCE_V2, "a");

        InitProducerIdResponse kept = initAs(keeper, /* keep= */ true);

        assertThat(kept.ongoingTxnProducerId()).isEqualTo(writer.producerId);
        assertThat(kept.ongoingTxnProducerEpoch()).isEqualTo((short) writer.epoch);
        assertThat(keeper.epoch).isEqualTo(writer.epoch + 1);
        assertThat(keeper.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.NONE);
        assertThat(readCommitted()).containsExactly("a");
        assertThat(keeper.send("orders", 0, PRODUCE_V2, "b")).isEqualTo(ErrorCode.NONE);
        assertThat(keeper.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.NONE);
        assertThat(readCommitted()).containsExactly("a", "b");
    }

    @Test
    void endOfAKeptTransactionCanBeRepeated() {
        initAs(writer, /* keep= */ false);
        writer.send("orders", 0, PRODUCE_V2, "a");
        initAs(keeper, /* keep= */ true);

        short first = keeper.askForEnd(/* commit= */ true, END_V2).producerEpoch();
        short second = keeper.askForEnd(/* commit= */ true, END_V2).producerEpoch();

        assertThat(first).isEqualTo((short) (keeper.epoch + 1)).isEqualTo(second);
    }

    @Test
    void whoWroteItCannotEndItAnyMore() {
        initAs(writer, /* keep= */ false);
        writer.send("orders", 0, PRODUCE_V2, "a");
        initAs(keeper, /* keep= */ true);

        assertThat(writer.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(readCommitted()).isEmpty();
    }

    @Test
    void laterKeeperFencesTheOneBeforeAndIsToldOfTheSameTransaction() {
        initAs(writer, /* keep= */ false);
        writer.send("orders", 0, PRODUCE_V2, "a");
        initAs(keeper, /* keep= */ true);
        TestTransactions later = new TestTransactions(cluster, client, "billing");

        InitProducerIdResponse kept = initAs(later, /* keep= */ true);

        assertThat(kept.ongoingTxnProducerEpoch()).isEqualTo((short) writer.epoch);
        assertThat(keeper.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(later.end(/* commit= */ false, END_V2)).isEqualTo(ErrorCode.NONE);
        assertThat(readCommitted()).isEmpty();
    }

    @Test
    void producerThatKeepsNothingAbortsWhatWasKept() {
        initAs(writer, /* keep= */ false);
        writer.send("orders", 0, PRODUCE_V2, "a");
        initAs(keeper, /* keep= */ true);

        assertThat(errorOf(init(client, /* keep= */ false))).isEqualTo(ErrorCode.CONCURRENT_TRANSACTIONS);

        assertThat(errorOf(init(client, /* keep= */ false))).isEqualTo(ErrorCode.NONE);
        assertThat(keeper.end(/* commit= */ true, END_V2)).isEqualTo(ErrorCode.PRODUCER_FENCED);
        assertThat(readCommitted()).isEmpty();
    }

    @Test
    void nothingIsKeptWhereNothingIsOpen() {
        assertThat(initAs(keeper, /* keep= */ true).ongoingTxnProducerId()).isEqualTo(-1);
    }
}
