package dev.kafkaboot.test.history;

import static dev.kafkaboot.test.history.Story.P0;
import static dev.kafkaboot.test.history.Story.P1;
import static dev.kafkaboot.test.history.Story.at;
import static dev.kafkaboot.test.history.Story.polled;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Is every value read, once, where it belongs, and whole? */
class ValueAnomaliesTest {

    private static final Expectations FINAL_READS = Expectations.exactlyOnce().finalReadsDone();

    private final Story story = new Story();

    @Test
    void whatIsAcknowledgedAndReadIsFine() {
        HistoryValue first = story.sent(0);
        HistoryValue second = story.sent(1);
        polled(story.consumer, at(0, first), at(1, second));

        assertThat(story.check(FINAL_READS).anomalies()).isEmpty();
    }

    @Test
    void acknowledgedValueThatAReaderPassesIsLost() {
        HistoryValue first = story.sent(0);
        HistoryValue second = story.sent(1);
        HistoryValue third = story.sent(2);
        polled(story.consumer, at(0, first), at(2, third));

        Report report = story.check();

        assertThat(report.types()).containsExactly(AnomalyType.LOST_WRITE);
        assertThat(report.anomalies()).singleElement().satisfies(lost -> {
            assertThat(lost.partition()).isEqualTo(P0);
            assertThat(lost.offset()).isEqualTo(1);
            assertThat(lost.explanation()).contains(second.toString(), "consumer went past");
            assertThat(lost.operations()).extracting(Operation::number).containsExactly(1, 3);
        });
    }

    @Test
    void acknowledgedValueBelowWhatTheFinalReadsSawIsLost() {
        story.sent(0);
        HistoryValue second = story.sent(1);
        polled(story.consumer, at(1, second));

        assertThat(story.check(FINAL_READS).types()).containsExactly(AnomalyType.LOST_WRITE);
    }

    @Test
    void valueThatNoReaderHasPassedIsNotLostBeforeTheFinalReads() {
        story.sent(0);
        HistoryValue second = story.sent(1);
        polled(story.consumer, at(1, second));

        assertThat(story.check().anomalies()).isEmpty();
    }

    @Test
    void sendThatNobodyKnowsOfMayHaveBeenWrittenOrNot() {
        SendInvocation unwritten = story.producer.send("t", 0);
        unwritten.unknown("timed out");
        SendInvocation written = story.producer.send("t", 0);
        written.unknown("timed out");
        HistoryValue last = story.sent(1);
        polled(story.consumer, at(0, written.value()), at(1, last));

        assertThat(story.check(FINAL_READS).anomalies()).isEmpty();
    }

    @Test
    void acknowledgedValueThatIsNotReadByTheEndIsUnseen() {
        HistoryValue first = story.sent(0);
        story.sent(1);
        polled(story.consumer, at(0, first));

        assertThat(story.check(FINAL_READS).types()).containsExactly(AnomalyType.UNSEEN);
        assertThat(story.check().anomalies()).isEmpty();
    }

    @Test
    void valueAcknowledgedWithoutAnOffsetIsUnseenIfItIsNotRead() {
        story.sent(-1);
        HistoryValue second = story.sent(-1);
        polled(story.consumer, at(1, second));

        Report report = story.check(FINAL_READS);

        assertThat(report.types()).containsExactly(AnomalyType.UNSEEN);
        assertThat(report.counts()).containsEntry(AnomalyType.UNSEEN, 1);
    }

    @Test
    void valueAtTwoOffsetsIsADuplicate() {
        HistoryValue value = story.sent(0);
        polled(story.consumer, at(0, value), at(1, value));

        assertThat(story.check().types()).containsExactly(AnomalyType.DUPLICATE);
        assertThat(story.check(Expectations.atLeastOnce()).anomalies()).isEmpty();
    }

    @Test
    void valueThatIsReadElsewhereThanAcknowledgedIsADuplicate() {
        HistoryValue value = story.sent(0);
        polled(story.consumer, at(1, value));

        assertThat(story.check().types()).containsExactly(AnomalyType.DUPLICATE);
    }

    @Test
    void valueThatIsReadByTwoReadersIsNoDuplicate() {
        HistoryValue value = story.sent(0);
        polled(story.consumer, at(0, value));
        polled(story.history.process("other"), at(0, value));

        assertThat(story.check(FINAL_READS).anomalies()).isEmpty();
    }

    @Test
    void valueInAnotherPartitionIsMisrouted() {
        HistoryValue value = story.sent(0);
        polled(story.consumer, at(1, 7, value));

        Report report = story.check(FINAL_READS);

        assertThat(report.types()).containsExactly(AnomalyType.MISROUTED);
        assertThat(report.anomalies()).singleElement().satisfies(misrouted -> {
            assertThat(misrouted.partition()).isEqualTo(P1);
            assertThat(misrouted.offset()).isEqualTo(7);
        });
    }

    @Test
    void valueInAnotherTopicIsMisrouted() {
        HistoryValue value = story.sent(0);
        story.consumer.poll().ok(List.of(PolledRecord.of("u", 0, 0, value)));

        assertThat(story.check(FINAL_READS).types()).containsExactly(AnomalyType.MISROUTED);
    }

    @Test
    void valueWhosePartitionThePartitionerChoosesMayBeWhereItWasAcknowledged() {
        SendInvocation send = story.producer.send("t");
        send.ok(1, 0);
        polled(story.consumer, at(1, 0, send.value()));

        assertThat(story.check(FINAL_READS).anomalies()).isEmpty();
    }

    @Test
    void valueWhosePartitionThePartitionerChoseIsMisroutedElsewhere() {
        SendInvocation send = story.producer.send("t");
        send.ok(1, 0);
        polled(story.consumer, at(0, 0, send.value()));

        assertThat(story.check(FINAL_READS).types()).containsExactly(AnomalyType.MISROUTED);
    }

    @Test
    void valueOfNoKnownPartitionIsADuplicateInTwo() {
        SendInvocation send = story.producer.send("t");
        send.unknown("timed out");
        polled(story.consumer, at(0, 0, send.value()), at(1, 0, send.value()));

        assertThat(story.check().types()).containsExactly(AnomalyType.DUPLICATE);
    }

    @Test
    void damagedPayloadIsCorruptAndNotLost() {
        SendInvocation send = story.producer.send("t", 0);
        send.ok(0);
        HistoryValue second = story.sent(1);
        byte[] payload = send.payload();
        payload[payload.length - 1] ^= 1;
        story.consumer.poll().ok(List.of(PolledRecord.of("t", 0, 0, payload), at(1, second)));

        assertThat(story.check(FINAL_READS).types()).containsExactly(AnomalyType.CORRUPT_VALUE);
    }

    @Test
    void wholePayloadIsFine() {
        SendInvocation send = story.producer.send("t", 0);
        send.ok(0);
        story.consumer.poll().ok(List.of(PolledRecord.of("t", 0, 0, send.payload())));

        assertThat(story.check(FINAL_READS).anomalies()).isEmpty();
    }

    @Test
    void valueThatNobodySentIsCorrupt() {
        polled(story.consumer, at(0, new HistoryValue(99, "t", 0, "stranger")));

        Report report = story.check();

        assertThat(report.types()).containsExactly(AnomalyType.CORRUPT_VALUE);
        assertThat(report.anomalies().get(0).explanation()).contains("stranger", "nobody sent");
    }

    @Test
    void offsetThatShowsTwoValuesIsInconsistent() {
        HistoryValue first = story.sent(0);
        SendInvocation second = story.producer.send("t", 0);
        second.unknown("timed out");
        polled(story.consumer, at(0, first));
        polled(story.history.process("other"), at(0, second.value()));

        assertThat(story.check(FINAL_READS).types()).containsExactly(AnomalyType.INCONSISTENT_OFFSETS);
    }

    @Test
    void offsetThatWasAcknowledgedForTwoValuesIsInconsistent() {
        story.sent(0);
        story.sent(0);

        assertThat(story.check().types()).containsExactly(AnomalyType.INCONSISTENT_OFFSETS);
    }

    @Test
    void offsetsOfTwoPartitionsHaveNothingToDoWithEachOther() {
        HistoryValue first = story.sent(story.producer, 0, 0);
        HistoryValue second = story.sent(story.producer, 1, 0);
        polled(story.consumer, at(0, 0, first), at(1, 0, second));

        assertThat(story.check(FINAL_READS).anomalies()).isEmpty();
    }
}
