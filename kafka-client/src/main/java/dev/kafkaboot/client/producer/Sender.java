package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ClientConnections;
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
 * <p>A partition is in one of these places: nowhere (it has nothing, or a batch in flight), under a timer (it lingers or backs off), in the line of
 * its leader, or among those that wait for a leader. {@link #look} decides which. Of a partition one batch is in flight at a time, so nothing is
 * reordered, and nothing goes to a new leader before the old one answered or its connection is closed.
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
    private final Registration metadataListener;

    private final ConcurrentLinkedQueue<PartitionQueue> work = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean workScheduled = new AtomicBoolean();
    private final AtomicInteger waitingForMemory = new AtomicInteger();

    private final Map<Integer, BrokerLine> lines = new HashMap<>();
    private final Set<PartitionQueue> leaderless = new LinkedHashSet<>();
    private int flushes;
    private boolean closed;
    private @Nullable Timer leaderTimer;
    private @Nullable Timer sweep;

    /**
     * A sender with nothing to do.
     *
     * @param onEnd told, once or more, if there is no way to send anything ever again
     */
    Sender(
            ClientConnections connections, RecordAccumulator accumulator, ProduceRequests requests, BatchOutcomes outcomes, int maxInFlight,
            int maxRequestSize, Backoff backoff, Duration deliveryTimeout, Consumer<Throwable> onEnd) {
        this.connections = connections;
        this.accumulator = accumulator;
        this.requests = requests;
        this.outcomes = outcomes;
        this.maxInFlight = maxInFlight;
        this.maxRequestSize = maxRequestSize;
        this.backoff = backoff;
        this.onEnd = onEnd;
        Duration share = deliveryTimeout.dividedBy(SWEEPS);
        Duration bounded = share.compareTo(LONGEST_SWEEP) > 0 ? LONGEST_SWEEP : share;
        this.sweepEvery = bounded.compareTo(SHORTEST_SWEEP) < 0 ? SHORTEST_SWEEP : bounded;
        this.metadataListener = connections.metadata().addListener(this::metadataChanged);
    }

    /** A partition has its first record, or a closed batch. Any thread; calls that come together cost one wake-up. */
    void workAppeared(PartitionQueue queue) {
        work.add(queue);
        if (workScheduled.compareAndSet(false, true)) {
            connections.loop().execute(this::takeWork);
        }
    }

    private void takeWork() {
        workScheduled.set(false);
        for (PartitionQueue queue = work.poll(); queue != null; queue = work.poll()) {
            look(queue);
        }
        if (sweep == null && !closed) {
            sweep = connections.loop().schedule(sweepEvery, this::sweep);
        }
    }

    /** A thread waits for memory: lingering would only make it wait longer. Any thread; each call needs one of {@link #memoryAwaited}. */
    void awaitsMemory() {
        if (waitingForMemory.incrementAndGet() == 1) {
            connections.loop().execute(this::lookAtAll);
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
        if (queue.isQueued() || closed) {
            return;
        }
        long now = connections.loop().nanoTime();
        long backOff = queue.backOffNanos(now);
        long due = backOff > 0 ? backOff : queue.nextDueIn(now, isHurried());
        if (due > 0) {
            queue.lookAgain(now, due, this::look);
        } else if (due == 0) {
            line(queue);
        }
    }

    private void line(PartitionQueue queue) {
        queue.queued(true);
        Node leader = connections.metadata().snapshot().leader(queue.partition());
        if (leader == null) {
            leaderless.add(queue);
            askForLeaders();
            return;
        }
        lines.computeIfAbsent(leader.id(), this::newLine).add(queue);
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
        return accumulator.topic(batch.partition().topic()).queues().get(batch.partition().partition());
    }

    private void settled(PartitionQueue queue, ProducerBatch batch, BatchOutcomes.Next next) {
        switch (next) {
            case LATER -> {
                Duration wait = backoff.after(queue.failures() + 1, connections.loop().random());
                queue.backOff(connections.loop().nanoTime() + Times.nanos(wait));
            }
            case NOW -> queue.succeeded();
            case SPLIT -> {
                queue.succeeded();
                outcomes.split(queue, batch, this::look);
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

    private void metadataChanged(ClusterSnapshot before, ClusterSnapshot after) {
        if (closed) {
            return;
        }
        List<PartitionQueue> waiting = List.copyOf(leaderless);
        leaderless.clear();
        for (PartitionQueue queue : waiting) {
            queue.queued(false);
            look(queue);
        }
        List.copyOf(lines.values()).forEach(BrokerLine::review);
        for (TopicQueue topic : accumulator.topics()) {
            int count = after.partitionCount(topic.name());
            if (count > 0) {
                topic.known(count);
            }
        }
    }

    private void sweep() {
        sweep = null;
        boolean[] pending = {false};
        accumulator.forEachPartition(queue -> pending[0] |= outcomes.expire(queue, lineOf(queue)));
        if (pending[0] && !closed) {
            sweep = connections.loop().schedule(sweepEvery, this::sweep);
        }
    }

    private @Nullable BrokerLine lineOf(PartitionQueue queue) {
        Node leader = connections.metadata().snapshot().leader(queue.partition());
        return leader == null ? null : lines.get(leader.id());
    }

    /** Sends no more, and fails what is not acknowledged; futures in flight too, though not their memory. */
    void end(Throwable cause, String why) {
        closed = true;
        metadataListener.remove();
        cancel(sweep);
        cancel(leaderTimer);
        for (TopicQueue topic : accumulator.topics()) {
            topic.end(cause, "Could not send to topic '" + topic.name() + "': " + why);
            topic.queues().forEach(queue -> outcomes.end(queue, cause, why));
        }
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
