package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The producers that a log knows, and what they may write next (KIP-98, KIP-360). */
final class ProducerStates {

    /** How long a producer is known that writes nothing (producer.id.expiration.ms). */
    private static final long EXPIRATION_MILLIS = 24 * 60 * 60 * 1000L;

    private final TreeMap<Long, ProducerState> byId = new TreeMap<>();

    /** Those that are known, by id. */
    Collection<ProducerState> all(long nowMillis) {
        byId.values().removeIf(state -> isExpired(state, nowMillis));
        return List.copyOf(byId.values());
    }

    /** What is known of a producer, or null. */
    @Nullable ProducerState find(long producerId, long nowMillis) {
        ProducerState state = byId.get(producerId);
        if (state != null && isExpired(state, nowMillis)) {
            byId.remove(producerId);
            return null;
        }
        return state;
    }

    private static boolean isExpired(ProducerState state, long nowMillis) {
        return !state.isInTransaction() && nowMillis - state.lastTimestamp() >= EXPIRATION_MILLIS;
    }

    /** The batch that was written when the same one came before, if it is one of the last. */
    Optional<ProducerState.Written> findDuplicate(LogBatch batch, long nowMillis) {
        ProducerState state = find(batch.header().producerId(), nowMillis);
        return state == null ? Optional.empty() : state.find(batch);
    }

    /**
     * Checks that a batch of a client is what its producer has to send next.
     *
     * <p>Whoever is not known may begin anywhere: what is known of it may have expired, or been deleted with its records. So brokers since 2.5 never answer
     * UNKNOWN_PRODUCER_ID. Only a producer of KIP-890's second part has to begin at 0, as each of its transactions does.
     *
     * @param begunByWriting whether the partition is in the transaction just because this batch comes
     * @throws RefusedException if it is not
     */
    void check(LogBatch batch, boolean begunByWriting, long nowMillis) {
        ProducerState state = find(batch.header().producerId(), nowMillis);
        int sequence = batch.header().baseSequence();
        if (state == null) {
            if (begunByWriting && sequence != 0) {
                throw outOfOrder(batch, "0, for a transaction that begins");
            }
            return;
        }
        checkEpoch(state, batch.header().producerEpoch(), /* mustBeNew= */ false);
        if (batch.header().producerEpoch() != state.epoch()) {
            if (sequence != 0) {
                throw outOfOrder(batch, "0, for an epoch that begins");
            }
        } else if (!follows(state.lastSequence(), sequence)) {
            throw outOfOrder(batch, "what follows " + state.lastSequence());
        }
        if (state.isInTransaction() && !batch.header().isTransactional()) {
            throw new RefusedException(
                    ErrorCode.INVALID_TXN_STATE, "Producer " + state.producerId() + " has an open transaction, and the batch belongs to none");
        }
    }

    /**
     * Checks that a coordinator may end a producer's transaction.
     *
     * @throws RefusedException if it may not
     */
    void checkMark(TransactionMarks.Mark mark, long nowMillis) {
        ProducerState state = find(mark.producerId(), nowMillis);
        if (state == null) {
            return;
        }
        boolean again = mark.epoch() == state.epoch() && !state.isInTransaction();
        checkEpoch(state, mark.epoch(), /* mustBeNew= */ mark.eachHasItsEpoch() && !again);
    }

    private static void checkEpoch(ProducerState state, short epoch, boolean mustBeNew) {
        if (epoch < state.epoch() || mustBeNew && epoch == state.epoch()) {
            throw new RefusedException(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    "Producer " + state.producerId() + " has the epoch " + epoch + ", and " + state.epoch() + " was here before");
        }
    }

    private static boolean follows(int last, int next) {
        return next == last + 1L || next == 0 && last == Integer.MAX_VALUE;
    }

    private static RefusedException outOfOrder(LogBatch batch, String expected) {
        return new RefusedException(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "Producer " + batch.header().producerId() + " sent the sequence " + batch.header().baseSequence() + " instead of " + expected);
    }

    /** A batch of records was written. */
    ProducerState wrote(LogBatch batch) {
        ProducerState state = byId.computeIfAbsent(batch.header().producerId(), ProducerState::new);
        state.wrote(batch);
        return state;
    }

    /** The state of the producer whose transaction a mark ends. */
    ProducerState ofMark(LogBatch mark) {
        return byId.computeIfAbsent(mark.header().producerId(), ProducerState::new);
    }

    /** Forgets a producer. */
    void forget(long producerId) {
        byId.remove(producerId);
    }

    /** Forgets all. */
    void clear() {
        byId.clear();
    }
}
