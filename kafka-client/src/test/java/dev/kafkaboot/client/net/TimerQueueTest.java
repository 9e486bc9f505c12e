package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerQueueTest {

    private final TimerQueue queue = new TimerQueue();

    private static TimerQueue.Entry at(long due) {
        return new TimerQueue.Entry(due, () -> {});
    }

    @Test
    void entriesComeOutInTheOrderOfTheirDueTimesAndThoseOfOneTimeInTheOrderOfTheirMaking() {
        Random random = new Random(7);
        List<TimerQueue.Entry> made = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            TimerQueue.Entry entry = at(random.nextInt(500));
            made.add(entry);
            queue.add(entry);
        }

        List<TimerQueue.Entry> out = new ArrayList<>();
        for (TimerQueue.Entry next = queue.pollDue(500); next != null; next = queue.pollDue(500)) {
            out.add(next);
        }

        made.sort(Comparator.comparingLong(entry -> entry.dueNanos)); // stable, so the order of making stays
        assertThat(out).containsExactlyElementsOf(made);
    }

    @Test
    void removedEntriesLeaveAtOnceAndTheOthersKeepTheirOrder() {
        Random random = new Random(8);
        List<TimerQueue.Entry> kept = new ArrayList<>();
        List<TimerQueue.Entry> removed = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            TimerQueue.Entry entry = at(random.nextInt(100_000));
            (random.nextBoolean() ? kept : removed).add(entry);
            queue.add(entry);
        }

        removed.forEach(queue::remove);
        removed.forEach(queue::remove);

        assertThat(queue.size()).isEqualTo(kept.size());
        long last = Long.MIN_VALUE;
        for (TimerQueue.Entry next = queue.pollDue(100_000); next != null; next = queue.pollDue(100_000)) {
            assertThat(next.dueNanos).isGreaterThanOrEqualTo(last);
            assertThat(removed).doesNotContain(next);
            last = next.dueNanos;
        }
        assertThat(queue.size()).isZero();
    }

    @Test
    void timesMayPassTheEndOfTheClock() {
        TimerQueue.Entry early = at(Long.MAX_VALUE - 5);
        TimerQueue.Entry late = at(Long.MIN_VALUE + 5);
        queue.add(late);
        queue.add(early);

        assertThat(queue.pollDue(Long.MAX_VALUE)).isSameAs(early);
        assertThat(queue.pollDue(Long.MAX_VALUE)).isNull();
        assertThat(queue.nanosUntilNext(Long.MAX_VALUE)).isEqualTo(6);
        assertThat(queue.pollDue(Long.MIN_VALUE + 5)).isSameAs(late);
    }

    @Test
    void entryCannotBeAddedTwice() {
        TimerQueue.Entry entry = at(1);
        queue.add(entry);

        assertThatIllegalStateException().isThrownBy(() -> queue.add(entry));
    }
}
