package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.protocol.message.ProduceResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends what the accumulator holds. On the loop, but for {@link #workAppeared} and the count of waiting threads.
 *
 * <p>A partition is in one of these places: nowhere (it has nothing, or a batch in flight), under a timer (it lingers or backs off), in the line of
 * its leader, or among those that wait for a leader. {@link #look} decides which. Of a partition one batch is in flight at a time, so nothing is
 * reordered, and nothing goes to a new leader before the old one answered or its connection is closed.
 */
final class Sender {

    /** How often expiry is looked for, as a share of the delivery time-out. */
    private static final int SWEEPS = 20;

    private static final Duration LONGEST_SWEEP = Duration.ofSeconds(1);
    private static final Duration SHORTEST_SWEEP = Duration.ofMillis(10);

    /** The partitions of one broker that have something to send, in turn. */
    private static final class Line {

        final int node;
        final ArrayDeque<PartitionQueue> ready = new ArrayDeque<>();
        int inFlight;
        boolean drainScheduled;

        Line(int node) {
            this.node = node;
        }
    }

    private final ClientConnections connections;
    private final RecordAccumulator accumulator;
    private final ProduceRequests requests;
    private final BatchOutcomes outcomes;
    private final int maxInFlight;
    private final int maxRequestSize;
    private final Backoff backoff;
    private final Duration sweepEvery;
    private final Registration metadataListener;

    private final ConcurrentLinkedQueue<PartitionQueue> work = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean workScheduled = new AtomicBoolean();
    private final AtomicInteger waitingForMemory = new AtomicInteger();

    private final Map<Integer, Line> lines = new HashMap<>();
    private final Set<PartitionQueue> leaderless = new LinkedHashSet<>();
    private boolean refreshScheduled;
    private int flushes;
    private @Nullable Timer sweep;

    Sender(
            ClientConnections connections, RecordAccumulator accumulator, ProduceRequests requests, BatchOutcomes outcomes, int maxInFlight,
            int maxRequestSize, Backoff backoff, Duration deliveryTimeout) {
        this.connections = connections;
        this.accumulator = accumulator;
        this.requests = requests;
        this.outcomes = outcomes;
        this.maxInFlight = maxInFlight;
        this.maxRequestSize = maxRequestSize;
        this.backoff = backoff;
        Duration share = deliveryTimeout.dividedBy(SWEEPS);
        Duration bounded = share.compareTo(LONGEST_SWEEP) > 0 ? LONGEST_SWEEP : share;
        this.sweepEvery = bounded.compareTo(SHORTEST_SWEEP) < 0 ? SHORTEST_SWEEP : bounded;
        this.metadataListener = connections.metadata().addListener(this::metadataChanged);
    }

    /** A partition has its first record, or a full batch. Any thread; calls that come together cost one wake-up. */
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
        if (sweep == null) {
            sweep = connections.loop().schedule(sweepEvery, this::sweep);
        }
    }

    /** A thread waits for memory: lingering would only make it wait longer. Any thread; each call needs one of {@link #memoryAwaited}. */
    void awaitsMemory() {
        waitingForMemory.incrementAndGet();
        connections.loop().execute(this::lookAtAll);
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
        for (TopicQueue topic : accumulator.topics()) {
            topic.queues().forEach(this::look);
        }
    }

    /** Decides where a partition belongs. */
    void look(PartitionQueue queue) {
        if (queue.isQueued()) {
            return;
        }
        long now = connections.loop().nanoTime();
        long backOff = queue.backOffNanos(now);
        if (backOff > 0) {
            lookLater(queue, backOff);
            return;
        }
        long due = queue.nextDueIn(now, isHurried());
        if (due > 0) {
            lookLater(queue, due);
        } else if (due == 0) {
            line(queue);
        }
    }

    private void lookLater(PartitionQueue queue, long nanos) {
        if (queue.isTimerSet()) {
            return;
        }
        queue.timerSet(true);
        connections.loop().schedule(Duration.ofNanos(nanos), () -> {
            queue.timerSet(false);
            look(queue);
        });
    }

    private void line(PartitionQueue queue) {
        queue.queued(true);
        Node leader = connections.metadata().snapshot().leader(queue.partition());
        if (leader == null) {
            leaderless.add(queue);
            refreshSoon();
            return;
        }
        Line line = lines.computeIfAbsent(leader.id(), Line::new);
        line.ready.addLast(queue);
        drainSoon(line);
    }

    /** Drains after the tasks that the loop has already: what they add to the line goes into the same request. */
    private void drainSoon(Line line) {
        if (!line.drainScheduled) {
            line.drainScheduled = true;
            connections.loop().execute(() -> {
                line.drainScheduled = false;
                drain(line);
            });
        }
    }

    private void drain(Line line) {
        while (line.inFlight < maxInFlight) {
            List<ProducerBatch> batches = takeBatches(line);
            if (batches.isEmpty()) {
                return;
            }
            send(line, batches);
        }
    }

    private List<ProducerBatch> takeBatches(Line line) {
        List<ProducerBatch> batches = new ArrayList<>(line.ready.size());
        int size = 0;
        while (!line.ready.isEmpty()) {
            PartitionQueue queue = line.ready.peekFirst();
            int next = queue.nextSize();
            if (size > 0 && size + next > maxRequestSize) {
                break;
            }
            line.ready.removeFirst();
            queue.queued(false);
            ProducerBatch batch = next == 0 ? null : takeFrom(line, queue);
            if (batch != null) {
                size += batch.sizeInBytes();
                batches.add(batch);
            }
        }
        return batches;
    }

    private @Nullable ProducerBatch takeFrom(Line line, PartitionQueue queue) {
        Node leader = connections.metadata().snapshot().leader(queue.partition());
        if (leader == null || leader.id() != line.node) {
            look(queue);
            return null;
        }
        return queue.takeNext();
    }

    private void send(Line line, List<ProducerBatch> batches) {
        line.inFlight++;
        requests.send(line.node, batches).whenComplete((frame, failure) -> {
            line.inFlight--;
            if (frame != null) {
                answered(frame, batches);
            } else {
                Throwable cause = failure == null ? new IllegalStateException("The request had no outcome") : failure;
                batches.forEach(batch -> settle(batch, outcomes.failed(queueOf(batch), batch, cause)));
            }
            drain(line);
        });
    }

    private void answered(ReceivedFrame<ProduceResponse> frame, List<ProducerBatch> batches) {
        Map<ProducerBatch, ProduceResponse.PartitionProduceResponse> answers = requests.answers(frame, batches);
        for (ProducerBatch batch : batches) {
            settle(batch, outcomes.answered(queueOf(batch), batch, answers.get(batch), frame));
        }
        frame.release();
    }

    private PartitionQueue queueOf(ProducerBatch batch) {
        return accumulator.topic(batch.partition().topic()).queues().get(batch.partition().partition());
    }

    private void settle(ProducerBatch batch, BatchOutcomes.Next next) {
        PartitionQueue queue = queueOf(batch);
        if (next == BatchOutcomes.Next.RETRY) {
            Duration wait = backoff.after(queue.failures() + 1, connections.loop().random());
            queue.backOff(connections.loop().nanoTime() + wait.toNanos());
        } else if (next == BatchOutcomes.Next.DONE) {
            queue.succeeded();
        }
        look(queue);
    }

    private void refreshSoon() {
        connections.metadata().requestRefresh();
        if (refreshScheduled) {
            return;
        }
        refreshScheduled = true;
        connections.loop().schedule(backoff.max(), () -> {
            refreshScheduled = false;
            if (!leaderless.isEmpty()) {
                refreshSoon();
            }
        });
    }

    private void metadataChanged(ClusterSnapshot before, ClusterSnapshot after) {
        List<PartitionQueue> waiting = List.copyOf(leaderless);
        leaderless.clear();
        for (PartitionQueue queue : waiting) {
            queue.queued(false);
            look(queue);
        }
        for (TopicQueue topic : accumulator.topics()) {
            int count = after.partitionCount(topic.name());
            if (count > 0) {
                topic.known(count);
            }
        }
    }

    private void sweep() {
        sweep = null;
        boolean pending = false;
        for (TopicQueue topic : accumulator.topics()) {
            for (PartitionQueue queue : topic.queues()) {
                pending |= outcomes.expire(queue);
            }
        }
        if (pending) {
            sweep = connections.loop().schedule(sweepEvery, this::sweep);
        }
    }

    /** Sends no more. */
    void close() {
        metadataListener.remove();
        Timer running = sweep;
        if (running != null) {
            running.cancel();
        }
    }
}
