package dev.kafkaboot.client.producer;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.interleaving.StillLoop;
import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.producer.ChunkPool.Priority;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.compress.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records that are parked, moved, failed and refused, while the loop learns of the topic, forgets it, or ends. */
class TopicQueueInterleavings {

    private static final int CHUNK = 4_096;
    private static final Duration LONG = Duration.ofHours(1);

    private final StillLoop loop = new StillLoop();
    private final AtomicReference<@Nullable MemoryLine> line = new AtomicReference<>();
    private final AtomicInteger lookUps = new AtomicInteger();
    private final ChunkPool pool;
    private final RecordAccumulator accumulator;
    private volatile boolean closed;

    TopicQueueInterleavings() {
        this.pool = new ChunkPool(2 * CHUNK, CHUNK, () -> memoryLine().look(), ByteBuffer::allocate);
        line.set(new MemoryLine(loop, pool));
        this.accumulator = new RecordAccumulator(
                PlainSettings.of(loop, pool, Codec.NONE, CHUNK, 2 * CHUNK, /* lingerNanos= */ 0, null, /* idempotent= */ false), new Owner());
    }

    private final class Owner implements RecordAccumulator.Owner {

        @Override
        public void recordsParked(TopicQueue topic) {
            lookUps.incrementAndGet();
        }

        @Override
        public void workAppeared(PartitionQueue queue) {}

        @Override
        public void needsMemory() {}

        @Override
        public Leaders leaders() {
            return new AllLed();
        }

        @Override
        public boolean isClosed() {
            return closed;
        }
    }

    /** A thread that sends, with what was accepted of it. */
    private final class Sender {

        private final List<SendFuture> accepted = new ArrayList<>();

        void send(int count) {
            for (int i = 0; i < count; i++) {
                SendFuture future = new SendFuture(0, -1, 10);
                try {
                    check(append(future, 10, Priority.NEWCOMER), "there is memory for all");
                } catch (ClientClosedException refused) {
                    continue;
                }
                accepted.add(future);
            }
        }

        boolean isAllDone() {
            return accepted.stream().allMatch(SendFuture::isDone);
        }

        boolean isAcknowledgedInOrder() {
            long last = -1;
            for (SendFuture future : accepted) {
                long offset = future.isDone() ? future.join().offset() : -1;
                if (offset <= last) {
                    return false;
                }
                last = offset;
            }
            return true;
        }
    }

    private boolean append(SendFuture future, int size, Priority priority) {
        return accumulator.append("t", future, 0, null, new byte[size], new Headers(), size + 41, priority);
    }

    private TopicQueue topic() {
        return Objects.requireNonNull(accumulator.find("t"));
    }

    /** Acknowledges all there is, as one broker would; false if there is nothing. */
    private boolean acknowledgeAll() {
        long base = 0;
        PartitionQueue queue = topic().queues().get(0);
        for (ProducerBatch batch = queue.takeNext(Integer.MAX_VALUE, Destination.NONE); batch != null; batch = queue.takeNext(Integer.MAX_VALUE, Destination.NONE)) {
            batch.send(0);
            batch.returned(null, true);
            queue.written(batch);
            int count = batch.count();
            batch.acknowledge(base, -1, Runnable::run);
            batch.free();
            base += count;
        }
        return base > 0;
    }

    @Test
    void recordsThatWereParkedAreNotOvertakenByThoseThatCameLater() {
        explore(() -> {
            TopicQueueInterleavings scenario = new TopicQueueInterleavings();
            Sender sender = scenario.new Sender();
            sender.send(1);

            together(() -> sender.send(2), () -> scenario.topic().known(1), scenario.loop::runCallbacks);
            scenario.loop.runCallbacks();
            scenario.acknowledgeAll();

            check(sender.accepted.size() == 3 && sender.isAcknowledgedInOrder(), "all three, in order");
            check(scenario.pool.used() == 0, "all memory is back");
        });
    }

    @Test
    void topicIsLookedUpForWhateverIsParked() {
        explore(() -> {
            TopicQueueInterleavings scenario = new TopicQueueInterleavings();
            Sender one = scenario.new Sender();
            Sender other = scenario.new Sender();
            one.send(1);
            int before = scenario.lookUps.get();

            together(() -> other.send(1), () -> scenario.topic().failParked(0, "", "nobody knows it", null), scenario.loop::runCallbacks);
            scenario.loop.runCallbacks();

            check(one.isAllDone(), "what was parked has failed");
            check(other.isAllDone() || scenario.lookUps.get() > before, "what was not failed is looked up");
        });
    }

    @Test
    void recordHasItsOutcomeOrIsRefusedWhenTheProducerEnds() {
        explore(() -> {
            TopicQueueInterleavings scenario = new TopicQueueInterleavings();
            Sender one = scenario.new Sender();
            Sender other = scenario.new Sender();
            one.send(1);

            together(() -> other.send(1), scenario.loop::runCallbacks, () -> {
                scenario.topic().known(1);
                scenario.closed = true;
                scenario.end();
            });
            scenario.loop.runCallbacks();

            check(one.isAllDone() && other.isAllDone(), "every accepted record has its outcome");
            check(scenario.pool.used() == 0, "all memory is back: " + scenario.pool.used());
        });
    }

    /** As the sender ends. */
    private void end() {
        IllegalStateException over = new IllegalStateException("ended by a test");
        for (TopicQueue topic : accumulator.topics()) {
            topic.end(over, "it ends");
            for (PartitionQueue queue : topic.queues()) {
                queue.takeWaiting().batches().forEach(batch -> {
                    batch.fail(over, loop.callbacks());
                    batch.free();
                });
            }
        }
    }

    @Test
    void recordIsNotLostThatIsSentWhileItsTopicIsForgotten() {
        explore(() -> {
            TopicQueueInterleavings scenario = new TopicQueueInterleavings();
            Sender sender = scenario.new Sender();
            sender.send(1);
            scenario.topic().known(1);
            scenario.loop.runCallbacks();
            scenario.acknowledgeAll();
            scenario.accumulator.forgetIdle(0, 0); // now it has not been touched since it was looked at

            together(() -> sender.send(1), () -> scenario.accumulator.forgetIdle(1, 0));
            scenario.topic().known(1);
            scenario.loop.runCallbacks();
            scenario.acknowledgeAll();

            check(sender.accepted.size() == 2 && sender.isAllDone(), "it is in the topic's next queue, or kept the old one");
            check(scenario.pool.used() == 0, "all memory is back");
        });
    }

    @Test
    void threadThatWaitsForMemoryIsToldWhenARecordThatWasNotParkedGivesItsShareBack() {
        explore(() -> {
            TopicQueueInterleavings scenario = new TopicQueueInterleavings();
            scenario.new Sender().send(1);
            scenario.topic().failParked(0, "", "nobody knows it", null); // so the topic is there, and all memory
            LoopCondition tried = scenario.loop.newCondition();
            AtomicBoolean isTried = new AtomicBoolean();

            together(() -> check(scenario.waitForMemory(), "there is memory for it"), () -> {
                scenario.append(new SendFuture(0, -1, CHUNK), CHUNK, Priority.NEWCOMER); // with the memory, or without
                isTried.set(true);
                tried.signalAll();
            }, () -> {
                scenario.topic().known(1);
                tried.await(isTried::get, LONG);
                scenario.loop.runCallbacks();
                if (scenario.acknowledgeAll()) {
                    scenario.pool.tellFreed();
                }
            });
        });
    }

    /** Waits for all the memory that there is, and gives it back. */
    private boolean waitForMemory() {
        return memoryLine().await(CHUNK, LONG, () -> false, () -> {
            ByteBuffer chunk = pool.as(Priority.FIRST_IN_LINE).take(CHUNK + BatchBuilder.OVERHEAD);
            if (chunk == null) {
                return false;
            }
            pool.give(chunk);
            return true;
        });
    }

    private MemoryLine memoryLine() {
        return Objects.requireNonNull(line.get());
    }
}
