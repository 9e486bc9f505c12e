package dev.kafkaboot.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one partition that were sent and are not over with, in the order of their first sending; and whether another may follow them. Under the
 * partition's lock.
 *
 * <p>Several may be in flight, as long as the broker itself keeps them in order: it takes a batch only behind the one whose sequence comes before it, so if
 * one is not written, those behind it are refused, come back, and are sent again in the order in which they are here. That holds only where the broker knows
 * the producer. One that does not, because nothing of it is in the log any more, takes any sequence for the first. So a batch goes alone until one was
 * acknowledged: in this epoch, by this leader, of this topic, not long ago, and with nothing that went wrong since.
 *
 * <p>As soon as one comes back, nothing is sent until all have.
 *
 * <p><b>Pace.</b> A broker works on the requests of a connection one after the other, so more of them hide the way there and back, and nothing else: where it is
 * the broker that takes the time, they only wait in its line instead of growing here. So behind a batch that was alone the next one keeps the distance of half
 * the time that it took; as long as answers come as fast as their batches were sent, half of that, and half again; and once they come slower, theirs, and then a little
 * less with each.
 */
final class SentBatches {

    /** Of each producer and partition a broker remembers so many batches, to recognise one that comes again. */
    static final int MOST_IN_FLIGHT = 5;

    /** Brokers forget producers that were silent for {@code producer.id.expiration.ms}: a day, unless somebody changes it. */
    private static final long TRUSTED_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** How far apart batches are at least, so that a fast network does not get a request for each record. */
    private static final long SHORTEST_DISTANCE_NANOS = 1_000_000;

    /** The broker has acknowledged something, and so knows who sent it. */
    private record Acquaintance(ProducerIdentity identity, Destination destination, long sinceNanos) {}

    private final int depth;
    private final List<ProducerBatch> batches = new ArrayList<>(1);
    private int inFlight;
    private boolean interrupted;
    private @Nullable Acquaintance acquaintance;
    private long distanceNanos = SHORTEST_DISTANCE_NANOS;
    private long lastTakenNanos;
    private boolean limitFound;
    private boolean hasWritten;
    private long lastWrittenNanos;
    private long lastWrittenWasSentNanos;

    /** None, of which so many may be in flight. */
    SentBatches(int depth) {
        this.depth = depth;
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    boolean anyInFlight() {
        return inFlight > 0;
    }

    /** The oldest that came back and is to be sent again, or null. */
    @Nullable ProducerBatch nextRetry() {
        if (inFlight == batches.size()) {
            return null;
        }
        for (ProducerBatch batch : batches) {
            if (!batch.isTaken()) {
                return batch;
            }
        }
        throw new IllegalStateException(inFlight + " of " + batches.size() + " batches are in flight, and none is not");
    }

    /** Whether a batch may be sent now, behind those that are in flight. */
    boolean mayFollow(ProducerBatch batch, @Nullable ProducerIdentity identity, Destination destination, long nowNanos) {
        return inFlight == 0 || inFlight < depth && !interrupted && isKnown(batch, identity, destination, nowNanos);
    }

    private boolean isKnown(ProducerBatch batch, @Nullable ProducerIdentity identity, Destination destination, long nowNanos) {
        Acquaintance last = acquaintance;
        BatchStamp stamp = batch.stamp();
        return last != null && last.identity().equals(identity) && last.destination().equals(destination)
                && nowNanos - last.sinceNanos() < TRUSTED_NANOS && (stamp == null || stamp.identity().equals(identity));
    }

    /** How long the next batch waits because of those that are in flight, in nanoseconds; 0 or less if it does not. */
    long paceNanos(long nowNanos) {
        return inFlight == 0 ? 0 : lastTakenNanos + distanceNanos - nowNanos;
    }

    /** The batch is sent, for the first time or again. */
    void take(ProducerBatch batch, @Nullable ProducerIdentity identity, Destination destination, long nowNanos) {
        if (!isKnown(batch, identity, destination, nowNanos)) {
            acquaintance = null;
        }
        if (!batches.contains(batch)) {
            batches.add(batch);
        }
        batch.takenTo(destination);
        lastTakenNanos = nowNanos;
        inFlight++;
    }

    /** It was written. */
    void written(ProducerBatch batch, @Nullable ProducerIdentity identity, long nowNanos) {
        BatchStamp stamp = batch.stamp();
        if (stamp != null && stamp.identity().equals(identity) && !interrupted) {
            acquaintance = new Acquaintance(stamp.identity(), batch.destination(), nowNanos);
        }
        keepPace(batch.sentNanos(), nowNanos);
        batches.remove(batch);
        landed(batch);
    }

    private void keepPace(long sentNanos, long nowNanos) {
        long between = nowNanos - lastWrittenNanos;
        long apart = sentNanos - lastWrittenWasSentNanos;
        boolean wasAlone = !hasWritten || sentNanos - lastWrittenNanos >= 0;
        if (wasAlone) {
            distanceNanos = (nowNanos - sentNanos) / 2;
            limitFound = false;
        } else if (between > apart + apart / 4 + SHORTEST_DISTANCE_NANOS) {
            distanceNanos = between;
            limitFound = true;
        } else {
            distanceNanos -= distanceNanos / (limitFound ? 16 : 2);
        }
        distanceNanos = Math.max(SHORTEST_DISTANCE_NANOS, distanceNanos);
        hasWritten = true;
        lastWrittenNanos = nowNanos;
        lastWrittenWasSentNanos = sentNanos;
    }

    /** It is given up. */
    void givenUp(ProducerBatch batch) {
        interrupt();
        batches.remove(batch);
        landed(batch);
    }

    /** It is to be sent again. */
    void putBack(ProducerBatch batch) {
        interrupt();
        landed(batch);
    }

    /** Others are sent in its place. */
    void replace(ProducerBatch batch, List<ProducerBatch> parts) {
        interrupt();
        batches.addAll(batches.indexOf(batch), parts);
        batches.remove(batch);
        landed(batch);
    }

    private void landed(ProducerBatch batch) {
        batch.landed();
        inFlight--;
        if (inFlight == 0) {
            interrupted = false;
        }
    }

    /** Nothing follows what is in flight until all of it has come back. */
    void interrupt() {
        interrupted = inFlight > 0;
        acquaintance = null;
    }

    /** Whether nothing that is not over with was sent before it. */
    boolean isFirst(ProducerBatch batch) {
        return !batches.isEmpty() && batches.get(0) == batch;
    }

    /** All, oldest first. */
    List<ProducerBatch> all() {
        return batches;
    }

    /** Those of which the outcome is not known, oldest first. */
    List<ProducerBatch> inFlight() {
        return batches.stream().filter(ProducerBatch::isTaken).toList();
    }

    /** Takes away those that are not in flight, oldest first. */
    List<ProducerBatch> takeRetries() {
        List<ProducerBatch> retries = batches.stream().filter(batch -> !batch.isTaken()).toList();
        batches.removeAll(retries);
        return retries;
    }
}
