package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.CorruptBatchException;
import dev.kafkaboot.client.KafkaException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records that are already fetched, for polls. Any thread.
 *
 * <p>A partition belongs to one thread while its records are decoded, so that their order is kept; decoding runs the user's code, and no lock is held over it.
 *
 * <p>A partition whose next record or batch cannot be read is told by the poll that comes upon it, if that has found nothing else, or else by the next one;
 * between two such errors of one partition, the others have their turn. Nothing of what was read is lost by an error, and nothing is skipped: where the machine
 * fails, for want of memory for one, what could not be read is fetched again.
 */
final class RecordCollector<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(RecordCollector.class);

    private final Assignment assignment;
    private final ConsumerCore core;
    private final RecordDecoding<K, V> decoding;
    private final ConsumerListener listener;

    RecordCollector(Assignment assignment, ConsumerCore core, RecordDecoding<K, V> decoding, ConsumerListener listener) {
        this.assignment = assignment;
        this.core = core;
        this.decoding = decoding;
        this.listener = listener;
    }

    /** At most so many records; throws what there is to tell first. */
    ConsumerRecords<K, V> collect(int max) {
        core.failure().throwIfNew();
        RuntimeException error = assignment.takeError();
        if (error != null) {
            // It is looked for anew, so it is told again as long as it lasts.
            core.wake();
            throw error instanceof KafkaException known ? KafkaException.forCaller(known) : error;
        }
        // First: records that come by an assignment of later may be refused for it, but none is committed for who has lost it.
        ConsumerRecords.Collector<K, V> collected = new ConsumerRecords.Collector<>(core.lastMember());
        Set<PartitionState> unreadable = new LinkedHashSet<>();
        while (collected.count() < max) {
            PartitionState state = assignment.take(unreadable);
            if (state == null) {
                break;
            }
            boolean exhausted = true;
            try {
                exhausted = collectFrom(state, max - collected.count(), collected);
            } catch (KafkaException failure) {
                unreadable.add(state);
                tell(state, failure, collected.count() == 0);
            } catch (Throwable failure) {
                if (collected.count() == 0) {
                    throw failure;
                }
                LOG.warn("{} could not be read on; what was read of others before is handed out, and the next poll tries it again", state.partition, failure);
                break;
            } finally {
                if (assignment.put(state, exhausted)) {
                    core.heldBack();
                }
            }
        }
        return collected.finish();
    }

    private void tell(PartitionState state, KafkaException failure, boolean now) {
        if (failure instanceof CorruptBatchException) {
            core.fetchAgain(state);
        } else {
            assignment.cannotBeRead(state);
        }
        if (now) {
            throw KafkaException.forCaller(failure);
        }
        assignment.fail(state, failure);
    }

    /** Reads from a partition that this thread has taken; true if what was fetched of it is used up. */
    private boolean collectFrom(PartitionState state, int max, ConsumerRecords.Collector<K, V> collected) {
        CompletedFetch fetch;
        int most;
        synchronized (assignment) {
            most = Math.min(max, state.mayHandOut());
            fetch = state.fetched.peekFirst();
            if (fetch == null) {
                return true;
            }
            if (fetch.epoch() != state.epoch || fetch.nextOffset() != state.position) {
                String gap = "What was fetched of " + state.partition + " begins at " + fetch.nextOffset() + " of epoch " + fetch.epoch()
                        + ", and the position is " + state.position + " of epoch " + state.epoch;
                state.dropFetched();
                throw new IllegalStateException(gap + "; it is fetched again from there");
            }
        }
        List<ConsumerRecord<K, V>> records = read(state, fetch, most);
        long lag;
        synchronized (assignment) {
            if (state.fetched.peekFirst() != fetch || !state.isReadable()) {
                // Sought, paused, dropped or taken away while it was being decoded: what was read is not handed out. The decoding cannot go back, so what
                // is left of the fetch does not begin at the position any more.
                if (state.fetched.peekFirst() == fetch) {
                    state.dropFetched();
                }
                return true;
            }
            handOut(state, fetch, records, collected);
            lag = state.lag().orElse(-1);
        }
        Throwable spoiledBy = fetch.spoiledBy();
        if (fetch.isExhausted()) {
            fetch.close();
        }
        if (!records.isEmpty()) {
            listener.handedOut(state.partition, records.size(), fetch.takeBytesRead(), lag);
        }
        if (spoiledBy != null) {
            LOG.warn("{}: what was fetched could not be read further than to offset {}; it is fetched again from there", state.partition, fetch.nextOffset(), spoiledBy);
        }
        return fetch.isExhausted() || spoiledBy != null;
    }

    /** Moves the position behind what was read. Whatever may fail comes before that: what the application does not get is not passed. */
    private void handOut(
            PartitionState state, CompletedFetch fetch, List<ConsumerRecord<K, V>> records, ConsumerRecords.Collector<K, V> collected) {
        try {
            if (!records.isEmpty()) {
                assignment.startedWork(state, records);
                collected.add(state.partition, records);
                state.lastTimestamp = records.get(records.size() - 1).timestamp();
                state.unreadable = false;
            }
        } catch (Throwable failure) {
            state.dropFetched(); // what was read of it is fetched again
            throw failure;
        }
        state.position = fetch.nextOffset();
        state.positionLeaderEpoch = fetch.lastLeaderEpoch();
        if (fetch.spoiledBy() != null) {
            state.dropFetched();
        } else if (fetch.isExhausted()) {
            state.fetched.remove(fetch);
        }
    }

    private List<ConsumerRecord<K, V>> read(PartitionState state, CompletedFetch fetch, int most) {
        try {
            return fetch.read(most, decoding);
        } catch (Throwable failure) {
            synchronized (assignment) {
                // What is not for handing out is passed nevertheless; the next read begins behind it.
                if (state.fetched.peekFirst() == fetch && fetch.epoch() == state.epoch && fetch.nextOffset() > state.position) {
                    state.position = fetch.nextOffset();
                    state.positionLeaderEpoch = fetch.lastLeaderEpoch();
                }
                if (fetch.spoiledBy() != null && state.fetched.peekFirst() == fetch) {
                    state.dropFetched();
                }
            }
            throw failure;
        }
    }
}
