package dev.kafkaboot.test.history;

import static dev.kafkaboot.test.history.Story.P0;
import static dev.kafkaboot.test.history.Story.TOPIC;
import static dev.kafkaboot.test.history.Story.at;
import static dev.kafkaboot.test.history.Story.polled;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Does a consumer go on where it was, and leave nothing out? */
class ReadingAnomaliesTest {

    private final Story story = new Story();
    private final PolledRecord[] records = new PolledRecord[5];

    @BeforeEach
    void sendFiveRecordsAndReadThemAll() {
        for (int offset = 0; offset < 5; offset++) {
            records[offset] = at(offset, story.sent(offset));
        }
        polled(story.history.process("other"), records);
        story.assigned(story.consumer, 0);
    }

    private void clean() {
        assertThat(story.check().anomalies()).isEmpty();
    }

    private void found(AnomalyType type) {
        assertThat(story.check().types()).containsExactly(type);
    }

    @Test
    void consumerThatGoesOnIsFine() {
        polled(story.consumer, records[0], records[1]);
        polled(story.consumer);
        polled(story.consumer, records[2], records[3]);

        clean();
    }

    @Test
    void pollThatGoesBackInsideIsFound() {
        polled(story.consumer, records[0], records[2], records[1]);

        found(AnomalyType.INTERNAL_NON_MONOTONIC_POLL);
    }

    @Test
    void pollThatRepeatsARecordInsideIsFound() {
        polled(story.consumer, records[0], records[0]);

        found(AnomalyType.INTERNAL_NON_MONOTONIC_POLL);
    }

    @Test
    void pollThatSkipsInsideIsFound() {
        polled(story.consumer, records[0], records[2]);

        found(AnomalyType.INTERNAL_SKIPPED_POLL);
    }

    @Test
    void pollsThatGoBackAreFound() {
        polled(story.consumer, records[0], records[1]);
        polled(story.consumer, records[1], records[2]);

        found(AnomalyType.NON_MONOTONIC_POLL);
    }

    @Test
    void pollsThatSkipAreFound() {
        polled(story.consumer, records[0]);
        polled(story.consumer, records[2]);

        found(AnomalyType.SKIPPED_POLL);
        assertThat(story.check().anomalies().get(0).offset()).isEqualTo(1);
    }

    @Test
    void failedPollMovesNothing() {
        polled(story.consumer, records[0]);
        story.consumer.poll().fail("woken up");
        polled(story.consumer, records[2]);

        found(AnomalyType.SKIPPED_POLL);
    }

    @Test
    void holesOfTheLogAreNotSkipped() {
        HistoryValue late = story.sent(9);
        polled(story.consumer, records[4], at(9, late));

        clean();
    }

    @Test
    void assignmentOfOtherPartitionsBeginsAnew() {
        polled(story.consumer, records[0], records[1]);
        story.assigned(story.consumer);
        story.assigned(story.consumer, 0);
        polled(story.consumer, records[0]);

        clean();
    }

    @Test
    void assignmentThatKeepsAPartitionKeepsItsPosition() {
        polled(story.consumer, records[0], records[1]);
        story.assigned(story.consumer, 0, 1);
        polled(story.consumer, records[0]);

        found(AnomalyType.NON_MONOTONIC_POLL);
    }

    @Test
    void seekMovesThePosition() {
        polled(story.consumer, records[0], records[1]);
        story.consumer.seek(TOPIC, 0, 4).ok();
        polled(story.consumer, records[4]);
        story.consumer.seekToBeginning(TOPIC, 0).ok();
        polled(story.consumer, records[0]);
        story.consumer.seekSomewhere(TOPIC, 0).ok();
        polled(story.consumer, records[3]);

        clean();
    }

    @Test
    void recordsBeforeASeekMustNotCome() {
        story.consumer.seek(TOPIC, 0, 3).ok();
        polled(story.consumer, records[1]);

        found(AnomalyType.NON_MONOTONIC_POLL);
    }

    @Test
    void recordAtASeekMustCome() {
        story.consumer.seek(TOPIC, 0, 1).ok();
        polled(story.consumer, records[3]);

        found(AnomalyType.SKIPPED_POLL);
    }

    @Test
    void pollThatOverlapsWithASeekMayBeOnEitherSideOfIt() {
        polled(story.consumer, records[0]);
        PollInvocation poll = story.consumer.poll();
        story.consumer.seek(TOPIC, 0, 4).ok();
        poll.ok(List.of(records[1]));
        polled(story.consumer, records[4]);

        clean();
    }

    @Test
    void failedSeekMovesNothing() {
        polled(story.consumer, records[0]);
        story.consumer.seek(TOPIC, 0, 4).fail("no such partition");
        polled(story.consumer, records[4]);

        found(AnomalyType.SKIPPED_POLL);
    }

    @Test
    void subscriptionWithoutRebalancesIsJudgedOnlyInsidePolls() {
        ClientProcess member = story.history.process("member", "group");
        member.subscribe(TOPIC).ok();
        polled(member, records[0], records[1]);
        polled(member, records[0], records[1]);
        polled(member, records[3], records[4]);

        assertThat(story.check(Expectations.exactlyOnce().rebalancesUnseen()).anomalies()).isEmpty();
        polled(member, records[0], records[2]);
        assertThat(story.check(Expectations.exactlyOnce().rebalancesUnseen()).types()).containsExactly(AnomalyType.INTERNAL_SKIPPED_POLL);
    }

    @Test
    void rebalanceBeginsAnewAndWhatIsKeptGoesOn() {
        ClientProcess member = story.history.process("member", "group");
        member.subscribe(TOPIC).ok();
        member.assigned(List.of(P0));
        polled(member, records[0], records[1], records[2]);
        member.revoked(List.of(P0));
        member.assigned(List.of(P0));
        polled(member, records[0]);
        clean();

        member.assigned(List.of(Story.P1));
        polled(member, records[0]);
        found(AnomalyType.NON_MONOTONIC_POLL);
    }

    @Test
    void recordsThatAPollTookBeforeARevocationDuringItBelongToTheTimeBefore() {
        ClientProcess member = story.history.process("member", "group");
        member.assigned(List.of(P0));
        polled(member, records[0]);
        PollInvocation poll = member.poll();
        member.revoked(List.of(P0));
        poll.ok(List.of(records[2]));

        found(AnomalyType.SKIPPED_POLL);
    }

    @Test
    void pollDuringWhichAPartitionGoesAndComesBackMayBeOnEitherSide() {
        ClientProcess member = story.history.process("member", "group");
        member.assigned(List.of(P0));
        polled(member, records[0], records[1]);
        PollInvocation poll = member.poll();
        member.lost(List.of(P0));
        member.assigned(List.of(P0));
        poll.ok(List.of(records[2]));
        polled(member, records[0]);

        clean();
    }

    @Test
    void recordThatTwoMembersReadWithoutARebalanceIsConsumedTwice() {
        ClientProcess one = story.history.process("one", "group");
        ClientProcess two = story.history.process("two", "group");
        one.assigned(List.of(P0));
        two.subscribe(TOPIC).ok();
        polled(one, records[0], records[1]);
        polled(two, records[1]);

        found(AnomalyType.CONSUMED_TWICE);
    }

    @Test
    void recordThatTwoMembersReadAfterARebalanceIsNot() {
        ClientProcess one = story.history.process("one", "group");
        ClientProcess two = story.history.process("two", "group");
        one.assigned(List.of(P0));
        polled(one, records[0], records[1]);
        one.revoked(List.of(P0));
        two.assigned(List.of(P0));
        polled(two, records[0], records[1]);

        clean();
    }

    @Test
    void memberThatHasNotHeardThatItWasDroppedMayHandOutWhatItHas() {
        ClientProcess one = story.history.process("one", "group");
        ClientProcess two = story.history.process("two", "group");
        one.assigned(List.of(P0));
        two.assigned(List.of(P0));
        polled(two, records[0]);
        polled(one, records[0]);
        one.lost(List.of(P0));

        clean();
    }

    @Test
    void recordThatWasTakenBeforeARevocationMayBeHandedOutAfterIt() {
        ClientProcess one = story.history.process("one", "group");
        ClientProcess two = story.history.process("two", "group");
        one.assigned(List.of(P0));
        PollInvocation poll = one.poll();
        one.revoked(List.of(P0));
        two.assigned(List.of(P0));
        polled(two, records[0]);
        poll.ok(List.of(records[0]));

        clean();
    }

    @Test
    void twoGroupsReadTheSame() {
        ClientProcess one = story.history.process("one", "group one");
        ClientProcess two = story.history.process("two", "group two");
        one.assigned(List.of(P0));
        two.assigned(List.of(P0));
        polled(one, records[0]);
        polled(two, records[0]);

        clean();
    }
}
