package dev.kafkaboot.test.history;

import static dev.kafkaboot.test.history.Story.P0;
import static dev.kafkaboot.test.history.Story.TOPIC;
import static dev.kafkaboot.test.history.Story.at;
import static dev.kafkaboot.test.history.Story.committed;
import static dev.kafkaboot.test.history.Story.polled;
import static dev.kafkaboot.test.history.Story.told;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Is only committed what was dealt with, and do groups go on from there? */
class CommitAnomaliesTest {

    private final Story story = new Story();
    private final PolledRecord[] records = new PolledRecord[6];
    private final ClientProcess member = story.history.process("member", "group");

    @BeforeEach
    void sendSixRecordsAndReadThemAll() {
        for (int offset = 0; offset < 6; offset++) {
            records[offset] = at(offset, story.sent(offset));
        }
        polled(story.history.process("other"), records);
        member.subscribe(TOPIC).ok();
        member.assigned(List.of(P0));
    }

    private void clean() {
        assertThat(story.check().anomalies()).isEmpty();
    }

    private void found(AnomalyType type) {
        assertThat(story.check().types()).containsExactly(type);
    }

    @Test
    void commitOfWhatWasHandedOutIsFine() {
        polled(member, records[0], records[1], records[2]);
        committed(member, 2);
        committed(member, 3);
        told(member, 3);

        clean();
    }

    @Test
    void commitBeyondWhatWasHandedOutIsFound() {
        polled(member, records[0], records[1]);
        committed(member, 3);

        found(AnomalyType.COMMIT_PAST_PROCESSED);
    }

    @Test
    void commitBeyondHolesIsFine() {
        polled(member, records);
        committed(member, 20);

        clean();
    }

    @Test
    void refusedCommitBeyondWhatWasHandedOutIsFoundAsWell() {
        polled(member, records[0]);
        member.commit(TOPIC, 0, 2).fail("not authorised");

        found(AnomalyType.COMMIT_PAST_PROCESSED);
    }

    @Test
    void commitOfWhatIsBeingHandedOutIsFound() {
        polled(member, records[0], records[1]);
        PollInvocation poll = member.poll();
        member.commitAutomatically(Map.of(P0, 4L)).ok();
        poll.ok(List.of(records[2], records[3]));

        found(AnomalyType.COMMIT_PAST_PROCESSED);
    }

    @Test
    void automaticCommitOfWhatTheLastPollHandedOutIsFoundAsLongAsTheApplicationMayBeWorkingOnIt() {
        polled(member, records[0], records[1]);
        member.commitAutomatically(Map.of(P0, 2L)).ok();

        found(AnomalyType.COMMIT_PAST_PROCESSED);
    }

    @Test
    void automaticCommitOfWhatAnEarlierPollHandedOutIsFine() {
        polled(member, records[0], records[1]);
        polled(member, records[2], records[3]);
        member.commitAutomatically(Map.of(P0, 2L)).ok();
        member.close();
        member.commitAutomatically(Map.of(P0, 4L)).ok();

        assertThat(story.check().types()).containsExactly(AnomalyType.STUCK_CLIENT); // the close, which is not awaited here
    }

    @Test
    void unseenAutomaticCommitIsJudgedByWhatTheGroupIsTold() {
        Expectations unseen = Expectations.exactlyOnce().commitsUnseen();
        polled(member, records[0], records[1]);
        polled(member, records[2], records[3]);
        told(member, 2);
        assertThat(story.check(unseen).anomalies()).isEmpty();

        told(member, 4);
        assertThat(story.check(unseen).types()).containsExactly(AnomalyType.COMMIT_PAST_PROCESSED);
    }

    @Test
    void listenerMayCommitWhatItHasFinishedContiguously() {
        Expectations listener = Expectations.exactlyOnce().commitsOnlyFinished();
        polled(member, records[0], records[1], records[2]);
        member.finished(TOPIC, 0, 2);
        member.finished(TOPIC, 0, 0);
        committed(member, 1);
        assertThat(story.check(listener).anomalies()).isEmpty();

        committed(member, 3);
        assertThat(story.check(listener).types()).containsExactly(AnomalyType.COMMIT_PAST_PROCESSED);
    }

    @Test
    void commitBeforeTheFirstRecordSaysWhatTheGroupSaidBefore() {
        polled(member, records[0], records[1]);
        committed(member, 2);
        member.revoked(List.of(P0));
        ClientProcess next = story.history.process("next", "group");
        next.assigned(List.of(P0));
        committed(next, 2);
        clean();

        committed(next, 3);
        found(AnomalyType.COMMIT_PAST_PROCESSED);
    }

    @Test
    void offsetThatWasNeverCommittedIsWrong() {
        polled(member, records[0], records[1]);
        committed(member, 2);
        told(member, 1);

        found(AnomalyType.WRONG_COMMITTED_OFFSET);
    }

    @Test
    void offsetThatWasReplacedIsWrong() {
        polled(member, records[0], records[1]);
        committed(member, 1);
        committed(member, 2);
        told(member, 1);

        found(AnomalyType.WRONG_COMMITTED_OFFSET);
    }

    @Test
    void noOffsetIsWrongAfterACommit() {
        polled(member, records[0], records[1]);
        committed(member, 1);
        told(member, -1);

        found(AnomalyType.WRONG_COMMITTED_OFFSET);
    }

    @Test
    void noOffsetIsRightBeforeTheFirstCommit() {
        told(member, -1);
        polled(member, records[0]);
        member.commit(TOPIC, 0, 1).fail("not authorised");
        told(member, -1);

        clean();
    }

    @Test
    void commitThatNobodyKnowsOfMayTakeEffectAtAnyTime() {
        polled(member, records[0], records[1], records[2]);
        member.commit(TOPIC, 0, 1).unknown("timed out");
        committed(member, 2);
        told(member, 2);
        told(member, 1);

        clean();
    }

    @Test
    void commitUnderWayMayHaveTakenEffect() {
        polled(member, records[0], records[1], records[2]);
        committed(member, 1);
        Invocation commit = member.commit(TOPIC, 0, 2);
        told(member, 1);
        told(member, 2);
        commit.ok();

        clean();
    }

    @Test
    void offsetsOfATransactionAreCommittedWithIt() {
        polled(member, records[0], records[1]);
        TransactionInvocation aborted = story.producer.transaction();
        aborted.commitOffsets("group", Map.of(P0, 1L)).ok();
        story.abort(aborted);
        told(member, -1);
        TransactionInvocation transaction = story.producer.transaction();
        transaction.commitOffsets("group", Map.of(P0, 2L)).ok();
        told(member, -1);
        story.commit(transaction);
        told(member, 2);
        clean();

        told(member, 1);
        found(AnomalyType.WRONG_COMMITTED_OFFSET);
    }

    @Test
    void memberBeginsWhereTheGroupHasCommitted() {
        polled(member, records[0], records[1], records[2]);
        committed(member, 2);
        member.revoked(List.of(P0));
        member.assigned(List.of(P0));
        polled(member, records[2], records[3]);

        clean();
    }

    @Test
    void memberThatBeginsBeforeWhatIsCommittedIsFound() {
        polled(member, records[0], records[1], records[2]);
        committed(member, 2);
        member.revoked(List.of(P0));
        member.assigned(List.of(P0));
        polled(member, records[1], records[2]);

        found(AnomalyType.WRONG_START);
    }

    @Test
    void memberThatBeginsBehindWhatIsCommittedIsFound() {
        polled(member, records[0], records[1], records[2]);
        committed(member, 2);
        member.revoked(List.of(P0));
        member.assigned(List.of(P0));
        polled(member, records[3]);

        found(AnomalyType.WRONG_START);
    }

    @Test
    void groupThatHasCommittedNothingBeginsWhereTheResetPolicySays() {
        polled(member, records[3]);

        found(AnomalyType.WRONG_START);
        assertThat(story.check(Expectations.exactlyOnce()).anomalies()).isEmpty();
    }
}
