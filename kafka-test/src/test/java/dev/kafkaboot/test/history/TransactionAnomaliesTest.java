package dev.kafkaboot.test.history;

import static dev.kafkaboot.test.history.Story.at;
import static dev.kafkaboot.test.history.Story.polled;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Is only read what was committed, after it was? */
class TransactionAnomaliesTest {

    private static final Expectations FINAL_READS = Expectations.exactlyOnce().finalReadsDone();

    private final Story story = new Story();

    @Test
    void committedTransactionIsReadAndAbortedOneIsNot() {
        TransactionInvocation committed = story.producer.transaction();
        HistoryValue value = story.sent(committed, 0, 0);
        story.commit(committed);
        TransactionInvocation aborted = story.producer.transaction();
        story.sent(aborted, 0, 2);
        story.abort(aborted);
        HistoryValue last = story.sent(4);
        polled(story.consumer, at(0, value), at(4, last));

        assertThat(story.check(FINAL_READS).anomalies()).isEmpty();
    }

    @Test
    void valueOfAFailedSendIsAnAbortedRead() {
        SendInvocation send = story.producer.send("t", 0);
        send.fail("too large");
        polled(story.consumer, at(0, send.value()));

        assertThat(story.check().types()).containsExactly(AnomalyType.ABORTED_READ);
        assertThat(story.check(Expectations.exactlyOnce().readUncommitted()).types()).containsExactly(AnomalyType.ABORTED_READ);
    }

    @Test
    void valueOfAnAbortedTransactionIsAnAbortedRead() {
        TransactionInvocation aborted = story.producer.transaction();
        HistoryValue value = story.sent(aborted, 0, 0);
        story.abort(aborted);
        polled(story.consumer, at(0, value));

        assertThat(story.check().types()).containsExactly(AnomalyType.ABORTED_READ);
        assertThat(story.check(Expectations.exactlyOnce().readUncommitted()).anomalies()).isEmpty();
    }

    @Test
    void valueOfATransactionThatWasNeverAskedToCommitIsAnAbortedRead() {
        TransactionInvocation abandoned = story.producer.transaction();
        HistoryValue value = story.sent(abandoned, 0, 0);
        story.producer.crash();
        polled(story.consumer, at(0, value));

        assertThat(story.check().types()).containsExactly(AnomalyType.ABORTED_READ);
    }

    @Test
    void transactionWhoseCommitIsUnknownMayBeReadOrNot() {
        TransactionInvocation read = story.producer.transaction();
        HistoryValue value = story.sent(read, 0, 0);
        read.committing();
        read.unknown("timed out");
        TransactionInvocation unread = story.producer.transaction();
        story.sent(unread, 0, 2);
        unread.committing();
        unread.unknown("timed out");
        HistoryValue last = story.sent(4);
        polled(story.consumer, at(0, value), at(4, last));

        assertThat(story.check(FINAL_READS).anomalies()).isEmpty();
    }

    @Test
    void transactionOfWhichOneValueIsReadIsCommittedAsAWhole() {
        TransactionInvocation torn = story.producer.transaction();
        HistoryValue read = story.sent(torn, 0, 0);
        story.sent(torn, 1, 0);
        torn.committing();
        torn.unknown("timed out");
        HistoryValue last = story.sent(story.producer, 1, 2);
        polled(story.consumer, at(0, 0, read), at(1, 2, last));

        assertThat(story.check(FINAL_READS).types()).containsExactly(AnomalyType.LOST_WRITE);
    }

    @Test
    void transactionThatReadsItsOwnWriteHasReadItTooEarly() {
        TransactionInvocation transaction = story.producer.transaction();
        HistoryValue value = story.sent(transaction, 0, 0);
        polled(transaction, story.consumer, at(0, value));
        story.commit(transaction);

        Report report = story.check();

        assertThat(report.types()).containsExactly(AnomalyType.PRECOMMITTED_READ);
        assertThat(report.anomalies().get(0).explanation()).contains("by this transaction itself");
        assertThat(story.check(Expectations.exactlyOnce().readUncommitted()).anomalies()).isEmpty();
    }

    @Test
    void valueThatIsReadBeforeItsCommitWasAskedForIsReadTooEarly() {
        TransactionInvocation transaction = story.producer.transaction();
        HistoryValue value = story.sent(transaction, 0, 0);
        polled(story.consumer, at(0, value));
        story.commit(transaction);

        assertThat(story.check().types()).containsExactly(AnomalyType.PRECOMMITTED_READ);
    }

    @Test
    void valueMayBeReadWhileItsCommitIsUnderWay() {
        TransactionInvocation transaction = story.producer.transaction();
        HistoryValue value = story.sent(transaction, 0, 0);
        transaction.committing();
        polled(story.consumer, at(0, value));
        transaction.committed();

        assertThat(story.check(FINAL_READS).anomalies()).isEmpty();
    }

    @Test
    void transactionsThatReadEachOtherAreACycle() {
        ClientProcess otherProducer = story.history.process("other producer");
        ClientProcess otherConsumer = story.history.process("other consumer");
        TransactionInvocation one = story.producer.transaction();
        TransactionInvocation other = otherProducer.transaction();
        HistoryValue ofOne = story.sent(one, 0, 0);
        HistoryValue ofOther = story.sent(other, 1, 0);
        polled(one, story.consumer, at(1, 0, ofOther));
        polled(other, otherConsumer, at(0, 0, ofOne));
        story.commit(one);
        story.commit(other);

        Report report = story.check();

        assertThat(report.types()).containsExactly(AnomalyType.WRITE_READ_CYCLE);
        assertThat(report.anomalies()).singleElement().satisfies(cycle -> assertThat(cycle.operations()).hasSize(6));
    }

    @Test
    void cycleThroughThreeTransactionsIsFound() {
        TransactionInvocation[] transactions = new TransactionInvocation[3];
        HistoryValue[] values = new HistoryValue[3];
        for (int i = 0; i < 3; i++) {
            transactions[i] = story.history.process("producer " + i).transaction();
            values[i] = story.sent(transactions[i], i, 0);
        }
        for (int i = 0; i < 3; i++) {
            polled(transactions[i], story.history.process("consumer " + i), at((i + 1) % 3, 0, values[(i + 1) % 3]));
        }
        for (TransactionInvocation transaction : transactions) {
            story.commit(transaction);
        }

        Report report = story.check();

        assertThat(report.types()).containsExactly(AnomalyType.WRITE_READ_CYCLE);
        assertThat(report.counts()).containsEntry(AnomalyType.WRITE_READ_CYCLE, 1);
    }

    @Test
    void chainOfTransactionsIsNoCycle() {
        TransactionInvocation one = story.producer.transaction();
        HistoryValue ofOne = story.sent(one, 0, 0);
        story.commit(one);
        TransactionInvocation other = story.history.process("other producer").transaction();
        polled(other, story.consumer, at(0, 0, ofOne));
        HistoryValue ofOther = story.sent(other, 1, 0);
        story.commit(other);
        TransactionInvocation third = story.producer.transaction();
        polled(third, story.history.process("other consumer"), at(0, 0, ofOne), at(1, 0, ofOther));
        story.commit(third);

        assertThat(story.check(FINAL_READS).anomalies()).isEmpty();
    }
}
