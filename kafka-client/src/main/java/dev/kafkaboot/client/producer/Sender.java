package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ClusterListener;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the accumulator holds. On the loop, but for {@link #workAppeared} and the count of waiting threads.
 *
 * <p>A partition is in one of these places: nowhere (it has nothing, or nothing that may follow what is in flight), under a timer (it lingers or backs off),
 * in the line of its leader, among those that wait for a leader, or among those that wait for the producer's id. {@link #look} decides which. What may be in
 * flight together is a matter of {@link SentBatches}: nothing is reordered, and nothing goes to a new leader before the old one answered or its connection is
 * closed.
 */
final class Sender implements BrokerLine.Owner {

    private static final Logger log = LoggerFactory.getLogger(Sender.class);

    /** How often expiry is looked for, as a share of the delivery time-out. */
    private static final int SWEEPS = 20;

    private static final Duration LONGEST_SWEEP = Duration.ofSeconds(1);
    private static final Duration SHORTEST_SWEEP = Duration.ofMillis(10);

    private final ClientConnections connections;
    private final RecordAccumulator accumulator;
    private final ProduceRequests requests;
    private final BatchOutcomes outcomes;
    private final int maxInFlight;
    private final int maxRequestSize;
    private final Backoff backoff;
    private final Duration sweepEvery;
    private final Consumer<Throwable> onEnd;
    private final @Nullable TransactionGate transactions;
    private final Registration metadataListener;

    private final ConcurrentLinkedQueue<PartitionQueue> work = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean workScheduled = new AtomicBoolean();
    private final AtomicInteger waitingForMemory = new AtomicInteger();

    private final Map<Integer, BrokerLine> lines = new HashMap<>();
    private final Set<PartitionQueue> leaderless = new LinkedHashSet<>();
    private final Set<PartitionQueue> nameless = new LinkedHashSet<>();
    private final ProducerIds ids;
    private int flushes;
    private boolean closed;
    private @Nullable Timer leaderTimer;
    private @Nullable Timer sweep;

    /**
     * A sender with nothing to do.
     *
     * @param requestTimeout how long the broker may take to give this producer an id
     * @param onEnd told, once or more, if there is no way to send anything ever again
     * @param transactions who says what may be sent, and as whom, or null if there are no transactions
     */
    Sender(
            ClientConnections connections, RecordAccumulator accumulator, ProduceRequests requests, BatchOutcomes outcomes, int maxInFlight,
            int maxRequestSize, Backoff backoff, Duration deliveryTimeout, Duration requestTimeout, Consumer<Throwable> onEnd,
            @Nullable TransactionGate transactions) {
        this.connections = connections;
        this.accumulator = accumulator;
        this.requests = requests;
        this.outcomes = outcomes;
        this.maxInFlight = maxInFlight;
        this.maxRequestSize = maxRequestSize;
        this.backoff = backoff;
        this.onEnd = onEnd;
        this.transactions = transactions;
        this.ids = new ProducerIds(connections, requestTimeout, backoff, new WaitingForId());
        Duration share = deliveryTimeout.dividedBy(SWEEPS);
        Duration bounded = share.compareTo(LONGEST_SWEEP) > 0 ? LONGEST_SWEEP : share;
        this.sweepEvery = bounded.compareTo(SHORTEST_SWEEP) < 0 ? SHORTEST_SWEEP : bounded;
        this.metadataListener = connections.metadata().addListener(new OfTheCluster());
    }

    /** A partition has its first record, or a closed batch. Any thread; calls that come together cost one wake-up. */
    void workAppeared(PartitionQueue queue) {
        work.add(queue);
        if (workScheduled.compareAndSet(false, true)) {
            boolean isPosted = false;
            try {
                LoopTasks.post(connections.loop(), this::takeWork);
                isPosted = true;
            } finally {
                if (!isPosted) { // no stack or heap is left: the next one posts it
                    workScheduled.set(false);
                }
            }
        }
    }

    private void takeWork() {
        workScheduled.set(false);
        for (PartitionQueue queue = work.poll(); queue != null; queue = work.poll()) {
            look(queue);
        }
        sweepLater();
    }

    /** From now on it is looked for what is out of time, as long as there is anything. */
    void sweepLater() {
        if (sweep == null && !closed) {
            sweep = connections.loop().schedule(sweepEvery, this::sweep);
        }
    }

    /** A thread waits for memory: lingering would only make it wait longer. Any thread; each call needs one of {@link #memoryAwaited}. */
    void awaitsMemory() {
        if (waitingForMemory.incrementAndGet() == 1) {
            LoopTasks.post(connections.loop(), this::lookAtAll);
        }
    }

    /** The thread waits no more. */
    void memoryAwaited() {
        waitingForMemory.decrementAndGet();
    }

    private boolean isHurried() {
        return flushes > 0 || waitingForMemory.get() > 0;
    }

    /** Ends lingering until {@link #flushed}. */
    void flushing() {
        flushes++;
        lookAtAll();
    }

    void flushed() {
        flushes--;
    }

    private void lookAtAll() {
        accumulator.forEachPartition(this::look);
    }

    @Override
    public void look(PartitionQueue queue) {
        outcomes.freeFailed(queue);
        if (transactions != null) {
            transactions.looked(queue);
        }
        if (queue.isQueued() || closed) {
            return;
        }
        long now = connections.loop().nanoTime();
        long backOff = queue.backOffNanos(now);
        Node leader = leader(queue);
        long due = backOff > 0 ? backOff : queue.nextDueIn(now, isHurried(), destination(queue, leader));
        if (due > 0) {
            queue.lookAgain(now, due, this::look);
            if (leader != null) {
                lineTo(leader).lingers(queue);
            }
        } else if (due == 0) {
            line(queue);
        }
    }

    private @Nullable Node leader(PartitionQueue queue) {
        return connections.metadata().snapshot().leader(queue.partition());
    }

    private Destination destination(PartitionQueue queue, @Nullable Node leader) {
        return leader == null ? Destination.NONE : requests.destination(leader.id(), queue.partition().topic());
    }

    /** Whether topics can be forgotten now. */
    boolean mayForget() {
        return transactions == null || transactions.mayForget();
    }

    /** A topic is forgotten: if it comes again, its partitions must be somebody else to the broker. */
    void forgotten(TopicQueue topic) {
        for (PartitionQueue queue : topic.queues()) {
            ProducerIdentity used = queue.identity();
            if (transactions != null) {
                transactions.forgotten(queue);
            } else if (used != null) {
                ids.retire(used);
            }
        }
    }

    /** Whether the partition's batches can be sent as somebody. */
    private boolean identify(PartitionQueue queue) {
        if (!queue.needsIdentity()) {
            return true;
        }
        if (transactions != null) {
            return transactions.admits(queue);
        }
        ProducerIdentity used = queue.identity();
        if (used != null) {
            ids.retire(used);
        }
        ProducerIdentity fresh = ids.get();
        if (fresh != null) {
            queue.identify(fresh);
        }
        return fresh != null;
    }

    /** Partitions that wait to be admitted to a transaction may be now. */
    void reconsider() {
        goOn(nameless);
    }

    private final class WaitingForId implements ProducerIds.Owner {

        @Override
        public void reconsider() {
            goOn(nameless);
        }

        @Override
        public void refused(KafkaException reason) {
            nameless.forEach(queue -> outcomes.refuse(queue, reason));
            goOn(nameless);
        }

        @Override
        public void ended(ClientClosedException reason) {
            onEnd.accept(reason);
        }
    }

    /** What these wait for is there, or will not come: decides anew where they belong. */
    private void goOn(Set<PartitionQueue> waiting) {
        List<PartitionQueue> all = List.copyOf(waiting);
        waiting.clear();
        for (PartitionQueue queue : all) {
            queue.queued(false);
            look(queue);
        }
    }

    private void line(PartitionQueue queue) {
        queue.queued(true);
        if (!identify(queue)) {
            nameless.add(queue);
            return;
        }
        Node leader = leader(queue);
        if (leader == null) {
            leaderless.add(queue);
            askForLeaders();
            return;
        }
        lineTo(leader).add(queue);
    }

    private BrokerLine lineTo(Node leader) {
        return lines.computeIfAbsent(leader.id(), this::newLine);
    }

    private BrokerLine newLine(int node) {
        return new BrokerLine(node, connections, requests, maxInFlight, maxRequestSize, backoff, this);
    }

    @Override
    public void settled(
            ProduceRequest request, List<ProducerBatch> batches, @Nullable ReceivedFrame<ProduceResponse> frame, @Nullable Throwable failure) {
        Map<ProducerBatch, ProduceResponse.PartitionProduceResponse> answers =
                frame == null ? Map.of() : requests.answers(request, frame, batches);
        for (ProducerBatch batch : batches) {
            try {
                PartitionQueue queue = queueOf(batch);
                settled(queue, batch, frame != null
                        ? outcomes.answered(queue, batch, answers.get(batch), frame)
                        : outcomes.failed(queue, batch, failure == null ? new IllegalStateException("The request had no outcome") : failure));
            } catch (RuntimeException e) { // a fault of this library: it must not cost the other partitions; the batch fails when its time is up
                log.error("The outcome of a batch of {} could not be dealt with", batch.partition(), e);
            }
        }
        if (frame != null) {
            frame.release();
        }
    }

    private PartitionQueue queueOf(ProducerBatch batch) {
        TopicPartition partition = batch.partition();
        TopicQueue topic = Objects.requireNonNull(accumulator.find(partition.topic()), "a topic with a batch was forgotten");
        return topic.queues().get(partition.partition());
    }

    private void settled(PartitionQueue queue, ProducerBatch batch, BatchOutcomes.Next next) {
        switch (next) {
            case LATER -> {
                Duration wait = backoff.after(queue.failures() + 1, connections.loop().random());
                queue.backOff(connections.loop().nanoTime() + Times.nanos(wait));
            }
            case NOW -> queue.succeeded();
            case BEHIND_OTHERS -> {}
            case TAKE_APART -> {
                queue.succeeded();
                outcomes.takeApart(queue, batch, this::look);
            }
        }
        look(queue);
    }

    @Override
    public void unreachable(BrokerLine line, Throwable failure) {
        log.debug("Broker {} could not be reached to send to, attempt {}: {}", line.node(), line.failures(), failure.getMessage());
        if (failure instanceof ClientClosedException) {
            onEnd.accept(failure);
        } else {
            connections.metadata().requestRefresh();
        }
    }

    /** Asks for metadata again and again, as long as a partition has no leader. */
    private void askForLeaders() {
        connections.metadata().requestRefresh();
        if (leaderTimer == null && !closed) {
            leaderTimer = connections.loop().schedule(backoff.max(), () -> {
                leaderTimer = null;
                if (!leaderless.isEmpty()) {
                    askForLeaders();
                }
            });
        }
    }

    private final class OfTheCluster implements ClusterListener {

        @Override
        public void changed(ClusterSnapshot before, ClusterSnapshot after) {
            metadataChanged(after);
        }

        @Override
        public void refused(AuthenticationException reason) {
            refuseWhatWaits(reason);
        }
    }

    /**
     * No broker lets this client in: what waits for one that is not connected either can only wait for somebody to put the credentials right. A leader that has
     * a connection goes on taking records, and what is in flight has an outcome of its own.
     */
    private void refuseWhatWaits(AuthenticationException reason) {
        if (closed) {
            return;
        }
        for (TopicQueue topic : accumulator.topics()) {
            for (PartitionQueue queue : topic.queues()) {
                BrokerLine line = lineOf(queue);
                if (line == null || line.failures() > 0 || nameless.contains(queue)) {
                    outcomes.refuse(queue, reason);
                    look(queue);
                }
            }
        }
    }

    private void metadataChanged(ClusterSnapshot after) {
        if (closed) {
            return;
        }
        goOn(leaderless);
        List.copyOf(lines.values()).forEach(BrokerLine::review);
        for (TopicQueue topic : accumulator.topics()) {
            int count = after.partitionCount(topic.name());
            if (count > 0 && topic.isKnown()) { // or the topic is not watched yet: whoever is, looks it up first
                topic.known(count);
            }
        }
    }

    private void sweep() {
        sweep = null;
        boolean isPending = false;
        for (TopicQueue topic : accumulator.topics()) {
            isPending |= outcomes.expireParked(topic);
            for (PartitionQueue queue : topic.queues()) {
                isPending |= outcomes.expire(queue, lineOf(queue), nameless.contains(queue) ? noIdentity() : null);
            }
        }
        if (isPending) {
            sweepLater();
        }
    }

    private @Nullable Throwable noIdentity() {
        return transactions == null ? ids.lastFailure() : transactions.lastFailure();
    }

    private @Nullable BrokerLine lineOf(PartitionQueue queue) {
        Node leader = leader(queue);
        return leader == null ? null : lines.get(leader.id());
    }

    /** Fails what is not sent, and what is in flight too if that is asked for; the memory of that comes back later. */
    void purge(Purge what) {
        for (TopicQueue topic : accumulator.topics()) {
            topic.failParked(connections.loop().nanoTime(), "", "it was purged", null);
            for (PartitionQueue queue : topic.queues()) {
                outcomes.purge(queue, what);
                look(queue);
            }
        }
    }

    /**
     * Sends no more, and fails what is not acknowledged; futures in flight too, though not their memory. Once or more: what is failed already is left alone.
     *
     * <p>Each topic and partition is failed for itself: a fault with one of them must not cost the futures of the others.
     */
    void end(Throwable cause, String why) {
        closed = true;
        for (TopicQueue topic : accumulator.topics()) {
            guard(topic.name(), () -> topic.end(cause, why));
            for (PartitionQueue queue : topic.queues()) {
                guard(queue.partition(), () -> outcomes.end(queue, cause, why));
            }
        }
        ids.end();
        metadataListener.remove();
        cancel(sweep);
        cancel(leaderTimer);
    }

    private static void guard(Object whose, Runnable end) {
        try {
            end.run();
        } catch (RuntimeException e) {
            log.error("{} could not be ended", whose, e);
        }
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
