package dev.kafkaboot.test.history;

import static dev.kafkaboot.test.history.Story.P0;
import static dev.kafkaboot.test.history.Story.TOPIC;
import static dev.kafkaboot.test.history.Story.at;
import static dev.kafkaboot.test.history.Story.polled;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Are sends in order, and does everything get on? */
class SendAndProgressAnomaliesTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Expectations TIMELY = Expectations.exactlyOnce().startsAtEarliest().operationsEndWithin(LIMIT).progressWithin(LIMIT);

    private final Story story = new Story();

    @Test
    void sendsInOrderAreFine() {
        story.sent(0);
        story.producer.send(TOPIC, 0).unknown("timed out");
        story.sent(3);
        story.sent(story.producer, 1, 0);
        story.sent(story.history.process("other"), 0, 2);

        assertThat(story.check(TIMELY).anomalies()).isEmpty();
    }

    @Test
    void laterSendWithALowerOffsetIsFound() {
        story.sent(5);
        story.sent(4);

        assertThat(story.check(TIMELY).types()).containsExactly(AnomalyType.NON_MONOTONIC_SEND);
        assertThat(story.check(Expectations.exactlyOnce().unordered()).anomalies()).isEmpty();
    }

    @Test
    void orderIsThatOfTheCallsAndNotOfTheAnswers() {
        SendInvocation first = story.producer.send(TOPIC, 0);
        SendInvocation second = story.producer.send(TOPIC, 0);
        second.ok(1);
        first.ok(0);

        assertThat(story.check(TIMELY).anomalies()).isEmpty();
    }

    @Test
    void operationThatNeverEndsIsStuck() {
        story.producer.send(TOPIC, 0);

        assertThat(story.check().types()).containsExactly(AnomalyType.STUCK_CLIENT);
    }

    @Test
    void operationOfACrashedProcessIsNot() {
        story.producer.send(TOPIC, 0);
        story.producer.crash();

        assertThat(story.check(TIMELY).anomalies()).isEmpty();
    }

    @Test
    void operationThatTakesTooLongIsStuck() {
        Invocation close = story.consumer.close();
        story.wait(Duration.ofSeconds(11));
        close.ok();

        assertThat(story.check(TIMELY).types()).containsExactly(AnomalyType.STUCK_CLIENT);
        assertThat(story.check().anomalies()).isEmpty();
    }

    @Test
    void openTransactionIsNotStuckBeforeItIsAskedToEnd() {
        TransactionInvocation transaction = story.producer.transaction();
        story.wait(Duration.ofSeconds(11));
        assertThat(story.check(TIMELY).anomalies()).isEmpty();

        transaction.committing();
        assertThat(story.check(TIMELY).types()).containsExactly(AnomalyType.STUCK_CLIENT);

        transaction.committed();
        assertThat(story.check(TIMELY).anomalies()).isEmpty();
    }

    @Test
    void consumerThatPollsAndGetsNothingAlthoughThereIsSomethingIsStuck() {
        HistoryValue first = story.sent(0);
        polled(story.consumer, at(0, first));
        story.sent(1);
        polled(story.consumer);
        assertThat(story.check(TIMELY).anomalies()).isEmpty();

        story.wait(Duration.ofSeconds(11));
        polled(story.consumer);

        assertThat(story.check(TIMELY).types()).containsExactly(AnomalyType.STUCK_CLIENT);
    }

    @Test
    void consumerThatHasReadEverythingMayPollForEver() {
        HistoryValue first = story.sent(0);
        polled(story.consumer, at(0, first));
        story.wait(Duration.ofSeconds(11));
        polled(story.consumer);

        assertThat(story.check(TIMELY).anomalies()).isEmpty();
    }

    @Test
    void memberThatGetsNothingFromTheStartIsStuck() {
        story.sent(0);
        ClientProcess member = story.history.process("member", "group");
        member.assigned(List.of(P0));
        story.wait(Duration.ofSeconds(11));
        polled(member);

        assertThat(story.check(TIMELY).types()).containsExactly(AnomalyType.STUCK_CLIENT);
    }

    @Test
    void consumerThatDoesNotPollIsNotStuck() {
        HistoryValue first = story.sent(0);
        polled(story.consumer, at(0, first));
        story.sent(1);
        story.wait(Duration.ofSeconds(11));

        assertThat(story.check(TIMELY).anomalies()).isEmpty();
    }
}
