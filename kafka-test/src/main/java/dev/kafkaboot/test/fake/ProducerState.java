package dev.kafkaboot.test.fake;

import java.util.ArrayDeque;
import java.util.Optional;

/** What a log knows of one producer: its epoch, its last batches, and where its transaction began. */
final class ProducerState {

    /** How many batches a producer may have in flight, and so how many are known again. */
    private static final int REMEMBERED_BATCHES = 5;

    static final short NO_EPOCH = -1;
    static final long NO_OFFSET = -1;

    private final long producerId;
    private final ArrayDeque<Written> written = new ArrayDeque<>();
    private short epoch = NO_EPOCH;
    private int coordinatorEpoch = -1;
    private long lastTimestamp = -1;
    private long transactionStart = NO_OFFSET;

    /** A batch that was written. */
    record Written(int firstSequence, int lastSequence, long firstOffset, long lastOffset, long timestamp) {}

    ProducerState(long producerId) {
        this.producerId = producerId;
    }

    long producerId() {
        return producerId;
    }

    short epoch() {
        return epoch;
    }

    /** The epoch of the coordinator that ended its last transaction, or -1. */
    int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    /** The timestamp of the last batch. */
    long lastTimestamp() {
        return lastTimestamp;
    }

    /** The offset of the first record of the open transaction, or {@link #NO_OFFSET}. */
    long transactionStart() {
        return transactionStart;
    }

    boolean isInTransaction() {
        return transactionStart != NO_OFFSET;
    }

    /** The sequence of the last record of this epoch, or -1. */
    int lastSequence() {
        Written last = written.peekLast();
        return last == null ? -1 : last.lastSequence;
    }

    /** The batch among the last ones that has the sequences of another, which is then the same one sent again. */
    Optional<Written> find(LogBatch batch) {
        if (batch.header().producerEpoch() != epoch) {
            return Optional.empty();
        }
        int first = batch.header().baseSequence();
        int last = batch.lastSequence();
        return written.stream().filter(known -> known.firstSequence == first && known.lastSequence == last).findFirst();
    }

    /** A batch of records was written. */
    void wrote(LogBatch batch) {
        enter(batch.header().producerEpoch());
        if (written.size() == REMEMBERED_BATCHES) {
            written.remove();
        }
        written.add(new Written(
                batch.header().baseSequence(), batch.lastSequence(), batch.baseOffset(), batch.lastOffset(), batch.header().maxTimestamp()));
        lastTimestamp = batch.header().maxTimestamp();
        if (batch.header().isTransactional() && !isInTransaction()) {
            transactionStart = batch.baseOffset();
        }
    }

    /** A mark was written that ends the transaction, if there is one. */
    void ended(LogBatch mark, int newCoordinatorEpoch) {
        enter(mark.header().producerEpoch());
        lastTimestamp = mark.header().maxTimestamp();
        coordinatorEpoch = newCoordinatorEpoch;
        transactionStart = NO_OFFSET;
    }

    private void enter(short newEpoch) {
        if (newEpoch != epoch) {
            epoch = newEpoch;
            written.clear(); // sequences begin again
        }
    }
}
