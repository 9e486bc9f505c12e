package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.net.Times;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes records one at a time as they are needed, until the consumer is closed, or nothing has come for some time. One thread.
 *
 * <p>Nobody says when an iterator is given up, so it holds nothing that the application has not got: no record is taken before it is asked for, and the one that
 * {@link #hasNext} has found is given back if {@link #next} does not follow ({@link InWork}).
 *
 * <p>What makes a poll costly (the loop hears of it) is not done for each record: it polls when nothing is there, and once in a while.
 */
final class RecordIterator<K, V> implements Iterator<ConsumerRecord<K, V>> {

    /** A poll ends after a while, so that an application that waits here is seen to poll. */
    private static final Duration LONGEST_POLL = Duration.ofSeconds(60);

    /** In between two polls no more time passes than this, and one record; then the group hears what is finished. */
    private static final long BETWEEN_POLLS_NANOS = 50_000_000;

    private final Assignment assignment;
    private final Function<BooleanSupplier, ConsumerRecords<K, V>> take;
    private final BiFunction<Duration, BooleanSupplier, ConsumerRecords<K, V>> poll;
    private final LongSupplier nanoTime;
    private final @Nullable Duration idle;
    private Iterator<ConsumerRecord<K, V>> records = ConsumerRecords.<K, V>empty().iterator();
    private InWork.@Nullable Work work;
    private boolean hasPolled;
    private long polledAt;
    private @Nullable String ended;

    /**
     * No records yet.
     *
     * @param take takes one record if it is there, after it has called its argument, which says that the thread has finished what it was given
     * @param poll polls for one record, and calls its second argument in the same way
     * @param idle how long the next record is waited for; null for as long as it takes
     */
    RecordIterator(
            Assignment assignment, Function<BooleanSupplier, ConsumerRecords<K, V>> take,
            BiFunction<Duration, BooleanSupplier, ConsumerRecords<K, V>> poll, LongSupplier nanoTime, @Nullable Duration idle) {
        this.assignment = assignment;
        this.take = take;
        this.poll = poll;
        this.nanoTime = nanoTime;
        this.idle = idle;
    }

    @Override
    public boolean hasNext() {
        if (ended == null && !records.hasNext()) {
            try {
                ended = find();
            } catch (ClientClosedException closed) {
                ended = "The consumer is closed";
            }
        }
        return ended == null;
    }

    /** Looks for a record; answers why there is none. */
    private @Nullable String find() {
        if (hasPolled && nanoTime.getAsLong() - polledAt < BETWEEN_POLLS_NANOS && hasFound(take.apply(this::finishWork))) {
            return null;
        }
        return pollOn();
    }

    /** Polls until there is a record; answers why there is none. On a closed consumer too: the refusal shows that this thread has finished what it was given. */
    private @Nullable String pollOn() {
        Duration limit = idle;
        long since = nanoTime.getAsLong();
        while (true) {
            Duration left = limit == null ? LONGEST_POLL : limit.minusNanos(nanoTime.getAsLong() - since);
            boolean found = hasFound(poll.apply(
                    left.isNegative() ? Duration.ZERO : left.compareTo(LONGEST_POLL) < 0 ? left : LONGEST_POLL, this::finishWork));
            hasPolled = true;
            polledAt = nanoTime.getAsLong();
            if (found) {
                return null;
            }
            if (limit != null && polledAt - since >= Times.nanos(limit)) {
                return "No record has come for " + Times.text(limit);
            }
        }
    }

    /** This thread has finished what it was given, and does not see at once what it is given next. */
    private boolean finishWork() {
        boolean hasMoved = assignment.finishedWork();
        work = assignment.beginUnseen();
        return hasMoved;
    }

    private boolean hasFound(ConsumerRecords<K, V> found) {
        records = found.iterator();
        if (found.isEmpty()) {
            isSeen(); // interceptors may have left a record out, which is not to come again
        }
        return !found.isEmpty();
    }

    private boolean isSeen() {
        InWork.Work begun = work;
        return begun == null || assignment.seen(begun);
    }

    @Override
    public ConsumerRecord<K, V> next() {
        while (hasNext()) {
            ConsumerRecord<K, V> record = records.next();
            if (isSeen()) {
                return record;
            }
            // This thread has polled in another way since it was found: it was given back, and may have been handed out already.
            records = ConsumerRecords.<K, V>empty().iterator();
        }
        throw new NoSuchElementException(ended);
    }
}
