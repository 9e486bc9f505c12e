package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that have something to send to one broker, in turn, and the requests that are under way to it. On the loop.
 *
 * <p>A request is announced to the connection first and made when the connection is about to write it. Until then its batches stay where they are, take
 * more records, and are known not to have been sent; so a broker that cannot be reached holds nothing, and one that is slow gets larger batches. One
 * announcement is open at a time.
 */
final class BrokerLine {

    /** An announcement that waited for longer than this share of the request's time for its connection is made anew: the answer needs the time. */
    private static final int LATE = 4;

    /** What becomes of a request's batches, and of the line. */
    interface Owner {

        /** The partition is in no line any more: decides where it belongs. */
        void look(PartitionQueue queue);

        /** A request of batches is over, and nothing refers to their memory: either a frame or a failure is there. */
        void settled(
                ProduceRequest request, List<ProducerBatch> batches, @Nullable ReceivedFrame<ProduceResponse> frame, @Nullable Throwable failure);

        /** The broker could not be reached, before any batch was given to the connection. */
        void unreachable(BrokerLine line, Throwable failure);
    }

    /** There is nothing to send after all; tells the connection to go on without this request. */
    private static final class NothingToSend extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NothingToSend() {
            super("Nothing to send", null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
        }
    }

    private final int node;
    private final ClientConnections connections;
    private final ProduceRequests requests;
    private final int maxInFlight;
    private final int maxRequestSize;
    private final Backoff backoff;
    private final Owner owner;
    private final ArrayDeque<PartitionQueue> ready = new ArrayDeque<>();
    private final Set<PartitionQueue> lingering = new LinkedHashSet<>();
    private int inFlight;
    private boolean announced;
    private boolean pausing;
    private boolean byName;
    private int failures;
    private @Nullable Throwable lastFailure;

    BrokerLine(
            int node, ClientConnections connections, ProduceRequests requests, int maxInFlight, int maxRequestSize, Backoff backoff,
            Owner owner) {
        this.node = node;
        this.connections = connections;
        this.requests = requests;
        this.maxInFlight = maxInFlight;
        this.maxRequestSize = maxRequestSize;
        this.backoff = backoff;
        this.owner = owner;
    }

    int node() {
        return node;
    }

    /** Why the broker could not be reached when that was last tried, or null if it could. */
    @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    /** How many attempts in a row did not reach it. */
    int failures() {
        return failures;
    }

    /** Adds a partition that has something to send. */
    void add(PartitionQueue queue) {
        ready.addLast(queue);
        announce();
    }

    /** A partition has something that is not to be sent yet, but may go with others. */
    void lingers(PartitionQueue queue) {
        lingering.add(queue);
    }

    /** Sends the partitions away that another broker leads by now, or that have nothing to send any more. */
    void review() {
        List<PartitionQueue> all = new ArrayList<>(ready);
        ready.clear();
        for (PartitionQueue queue : all) {
            if (isLeader(queue) && queue.hasNext(destination(queue))) {
                ready.addLast(queue);
            } else {
                release(queue);
            }
        }
    }

    private void release(PartitionQueue queue) {
        queue.queued(false);
        owner.look(queue);
    }

    private Destination destination(PartitionQueue queue) {
        return requests.destination(node, queue.partition().topic());
    }

    private boolean isLeader(PartitionQueue queue) {
        Node leader = connections.metadata().snapshot().leader(queue.partition());
        return leader != null && leader.id() == node;
    }

    private void announce() {
        if (announced || pausing || ready.isEmpty() || inFlight >= maxInFlight) {
            return;
        }
        announced = true;
        Announcement announcement = new Announcement();
        requests.dispatch(node, byName, announcement::make).whenComplete(announcement::over);
    }

    /** A request from its announcement to its end. */
    private final class Announcement {

        private final long sinceNanos = connections.loop().nanoTime();
        private List<ProducerBatch> batches = List.of();
        private List<PartitionQueue> queues = List.of();
        private ProduceRequest request = new ProduceRequest();
        private boolean isOpen = true;

        /** The connection is about to write. */
        ProduceRequest make(int version) {
            close();
            boolean isLate = connections.loop().nanoTime() - sinceNanos > Times.nanos(requests.timeout()) / LATE;
            if (!isLate) {
                queues = new ArrayList<>(ready.size());
                batches = take(version, queues);
            }
            if (batches.isEmpty()) {
                throw new NothingToSend();
            }
            inFlight++;
            request = requests.make(batches);
            queues.forEach(owner::look); // more of them may follow, in a request of their own
            queues = List.of();
            announce();
            return request;
        }

        private void close() {
            isOpen = false;
            announced = false;
            failures = 0;
            lastFailure = null;
        }

        void over(@Nullable ReceivedFrame<ProduceResponse> frame, @Nullable Throwable wrapped) {
            Throwable failure = wrapped == null ? null : Failures.cause(wrapped);
            if (isOpen) {
                announced = false;
                failed(failure == null ? new IllegalStateException("The request was answered before it was made") : failure);
                return;
            }
            if (!batches.isEmpty()) {
                inFlight--;
                owner.settled(request, batches, frame, failure);
            }
            announce();
        }
    }

    private void failed(Throwable failure) {
        failures++;
        lastFailure = failure;
        pausing = true;
        Duration pause = backoff.after(failures, connections.loop().random());
        connections.loop().schedule(pause, () -> {
            pausing = false;
            review();
            announce();
        });
        owner.unreachable(this, failure);
    }

    /**
     * Takes a batch of each partition in turn, as many as a request holds.
     *
     * @param from takes those that a batch was taken of
     */
    private List<ProducerBatch> take(int version, List<PartitionQueue> from) {
        List<ProducerBatch> batches = new ArrayList<>(ready.size());
        int size = takeReady(version, batches, from);
        if (!batches.isEmpty()) {
            takeLingering(version, maxRequestSize - size, batches, from);
        }
        return batches;
    }

    private int takeReady(int version, List<ProducerBatch> batches, List<PartitionQueue> from) {
        List<PartitionQueue> later = new ArrayList<>(0);
        int size = 0;
        byName = false;
        for (int left = ready.size(); left > 0 && !ready.isEmpty(); left--) { // what is added meanwhile has its turn next time
            PartitionQueue queue = ready.removeFirst();
            if (!isLeader(queue)) {
                release(queue);
                continue;
            }
            if (!requests.canTell(queue.partition().topic(), version)) {
                byName = true;
                later.add(queue);
                continue;
            }
            Destination destination = destination(queue);
            ProducerBatch batch = queue.takeNext(batches.isEmpty() ? Integer.MAX_VALUE : maxRequestSize - size, destination);
            if (batch != null) {
                size += batch.sizeInBytes();
                batches.add(batch);
                from.add(queue);
                queue.queued(false);
                lingering.remove(queue); // a request has one batch of a partition: brokers ignore all but the last
            } else if (queue.hasNext(destination)) {
                ready.addFirst(queue); // it is too large for what is left, and goes first next time
                break;
            } else {
                release(queue);
            }
        }
        ready.addAll(later);
        return size;
    }

    private void takeLingering(int version, int room, List<ProducerBatch> batches, List<PartitionQueue> from) {
        long now = connections.loop().nanoTime();
        int left = room;
        for (Iterator<PartitionQueue> each = lingering.iterator(); each.hasNext();) {
            PartitionQueue queue = each.next();
            if (queue.isQueued() || !isLeader(queue) || !queue.hasNext(destination(queue))) {
                each.remove();
            } else if (queue.mayGoAlong(now, destination(queue)) && requests.canTell(queue.partition().topic(), version)) {
                ProducerBatch batch = queue.takeNext(left, destination(queue));
                if (batch != null) {
                    each.remove();
                    left -= batch.sizeInBytes();
                    batches.add(batch);
                    from.add(queue);
                }
            }
        }
    }
}
