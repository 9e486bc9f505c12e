package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.OffsetAndMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetTrackerTests {

    private final OffsetTracker tracker = new OffsetTracker();

    @Test
    void nothingIsCommittedBeforeAnythingIsDone() {
        add(5, 6);

        assertThat(tracker.committable()).isNull();
    }

    @Test
    void whatIsDoneInFrontIsCommittedBehindItsLastRecord() {
        List<OffsetTracker.Entry> entries = add(5, 6, 7);

        tracker.complete(entries.get(0));
        tracker.complete(entries.get(1));

        assertThat(tracker.committable()).isEqualTo(new OffsetAndMetadata(7, 1, ""));
        assertThat(tracker.size()).isEqualTo(1);
    }

    @Test
    void recordThatIsNotDoneHoldsBackThoseBehindIt() {
        List<OffsetTracker.Entry> entries = add(5, 6, 7);

        tracker.complete(entries.get(1));
        tracker.complete(entries.get(2));

        assertThat(tracker.committable()).isNull();
        assertThat(tracker.first()).isSameAs(entries.get(0));

        tracker.complete(entries.get(0));

        assertThat(tracker.committable()).isEqualTo(new OffsetAndMetadata(8, 1, ""));
    }

    @Test
    void gapsBetweenOffsetsAreNotWaitedFor() {
        List<OffsetTracker.Entry> entries = add(5, 90);

        entries.forEach(tracker::complete);

        assertThat(tracker.committable()).isEqualTo(new OffsetAndMetadata(91, 1, ""));
    }

    @Test
    void whatIsCommittedIsNotCommittedAgain() {
        add(5).forEach(tracker::complete);

        tracker.committed(6);

        assertThat(tracker.committable()).isNull();
    }

    @Test
    void pollIsCommittedWhenAllOfItIsDone() {
        OffsetTracker.Entry first = new OffsetTracker.Entry(5, null, false);
        OffsetTracker.Entry endOfPoll = new OffsetTracker.Entry(6, null, true);
        OffsetTracker.Entry next = new OffsetTracker.Entry(7, null, false);
        tracker.add(first);
        tracker.add(endOfPoll);
        tracker.add(next);

        tracker.complete(first);
        assertThat(tracker.committablePolls()).isNull();

        tracker.complete(endOfPoll);
        tracker.complete(next);
        assertThat(tracker.committablePolls()).isEqualTo(new OffsetAndMetadata(7));
        assertThat(tracker.committable()).isEqualTo(new OffsetAndMetadata(8));
    }

    @Test
    void offsetThatIsNotBehindTheOthersIsRefused() {
        add(5, 6);

        assertThat(tracker.add(new OffsetTracker.Entry(6, null, false))).isFalse();
    }

    @Test
    void whatLiesBehindThePositionThatWasMovedBackIsForgotten() {
        List<OffsetTracker.Entry> before = add(50);

        tracker.movedTo(5);
        List<OffsetTracker.Entry> after = add(5);
        before.forEach(tracker::complete);

        assertThat(tracker.committable()).isNull();

        after.forEach(tracker::complete);

        assertThat(tracker.committable()).isEqualTo(new OffsetAndMetadata(6, 1, ""));
    }

    @Test
    void commitThatIsAnsweredAfterThePositionWasMovedBackDoesNotCountForWhatCameAfterIt() {
        add(50).forEach(tracker::complete);
        tracker.movedTo(5);
        List<OffsetTracker.Entry> after = add(5, 6);
        tracker.complete(after.get(0));

        tracker.committed(51);

        assertThat(tracker.committable()).isEqualTo(new OffsetAndMetadata(6, 1, ""));

        tracker.complete(after.get(1));
        tracker.committed(6);

        assertThat(tracker.committable()).isEqualTo(new OffsetAndMetadata(7, 1, ""));
    }

    @Test
    void whatLiesBeforeThePositionThatWasMovedBackIsWaitedFor() {
        List<OffsetTracker.Entry> before = add(10, 11, 20, 30);
        tracker.complete(before.get(3));

        int forgotten = tracker.movedTo(20);
        List<OffsetTracker.Entry> after = add(20, 21);
        after.forEach(tracker::complete);

        assertThat(forgotten).isEqualTo(1);
        assertThat(tracker.committable()).isNull();
        assertThat(tracker.first()).isSameAs(before.get(0));

        tracker.complete(before.get(2));
        tracker.complete(before.get(0));
        tracker.complete(before.get(1));

        assertThat(tracker.committable()).isEqualTo(new OffsetAndMetadata(22, 1, ""));
        assertThat(tracker.size()).isZero();
    }

    @Test
    void recordIsBehindThoseThatAreKeptWhenThePositionIsMovedBack() {
        List<OffsetTracker.Entry> before = add(10, 11, 20);
        before.subList(0, 2).forEach(tracker::complete);

        tracker.movedTo(20);

        assertThat(tracker.add(new OffsetTracker.Entry(11, 1, false))).isFalse();
        assertThat(tracker.add(new OffsetTracker.Entry(20, 1, false))).isTrue();
        assertThat(tracker.committable()).isEqualTo(new OffsetAndMetadata(12, 1, ""));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void commitsNeverPassAnUnfinishedRecordAndReachTheEnd(long seed) {
        Random random = new Random(seed);
        TreeSet<Long> unfinished = new TreeSet<>();
        List<OffsetTracker.Entry> open = new ArrayList<>();
        long offset = random.nextInt(1000);
        long lastCommitted = -1;
        for (int step = 0; step < 5_000; step++) {
            if (open.isEmpty() || random.nextInt(5) < 2) {
                offset += 1 + random.nextInt(3) * random.nextInt(3);
                OffsetTracker.Entry entry = new OffsetTracker.Entry(offset, 1, random.nextInt(4) == 0);
                assertThat(tracker.add(entry)).isTrue();
                open.add(entry);
                unfinished.add(offset);
            } else {
                OffsetTracker.Entry entry = open.remove(random.nextInt(open.size()));
                tracker.complete(entry);
                tracker.complete(entry);
                unfinished.remove(entry.offset);
            }
            OffsetAndMetadata committable = random.nextBoolean() ? tracker.committable() : tracker.committablePolls();
            if (committable != null) {
                assertThat(committable.offset()).isGreaterThan(lastCommitted);
                if (!unfinished.isEmpty()) {
                    assertThat(committable.offset()).isLessThanOrEqualTo(unfinished.first());
                }
                if (random.nextBoolean()) {
                    tracker.committed(committable.offset());
                    lastCommitted = committable.offset();
                }
            }
        }
        open.forEach(tracker::complete);

        OffsetAndMetadata end = tracker.committable();
        assertThat(end == null ? lastCommitted : end.offset()).isEqualTo(offset + 1);
        assertThat(tracker.size()).isZero();
    }

    private List<OffsetTracker.Entry> add(long... offsets) {
        List<OffsetTracker.Entry> entries = new ArrayList<>();
        for (long offset : offsets) {
            OffsetTracker.Entry entry = new OffsetTracker.Entry(offset, 1, false);
            assertThat(tracker.add(entry)).isTrue();
            entries.add(entry);
        }
        return entries;
    }
}
