package dev.kafkaboot.client.producer;

import dev.kafkaboot.benchmarks.Payloads;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.producer.ChunkPool.Priority;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Puts a record of 100 bytes into the accumulator, with its future; the batch that it makes full is acknowledged and freed at once. In this package because
 * that is nobody else's business.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AppendBenchmark {

    private static final int RECORD = 141;

    @Param({"1", "12", "1000"})
    public int partitions;

    private final Payloads payloads = new Payloads(100);
    private final Bench bench = new Bench();
    private final Leaders leaders = new Bench.AllLed();
    private final RecordAccumulator accumulator = new RecordAccumulator(bench.settings(), new Owner());
    private @Nullable PartitionQueue full;
    private int next;

    private final class Owner implements RecordAccumulator.Owner {

        @Override
        public void recordsParked(TopicQueue topic) {
            topic.known(partitions);
        }

        @Override
        public void workAppeared(PartitionQueue queue) {
            full = queue;
        }

        @Override
        public void needsMemory() {}

        @Override
        public Leaders leaders() {
            return leaders;
        }

        @Override
        public boolean isClosed() {
            return false;
        }
    }

    /** Waits until the partitions are published: from then on records go straight into batches. */
    @Setup
    public void prepare() {
        append();
        TopicQueue topic = accumulator.find(Bench.TOPIC);
        while (topic != null && topic.oldestParkedNanos() != null) {
            Thread.onSpinWait();
        }
    }

    @Benchmark
    public SendFuture append() {
        SendFuture future = new SendFuture(1_700_000_000_000L, -1, 100);
        byte[] value = payloads.value(next++);
        if (!accumulator.append(Bench.TOPIC, future, null, null, value, Headers.none(), RECORD, Priority.NEWCOMER)) {
            throw new IllegalStateException("There is no memory");
        }
        PartitionQueue queue = full;
        if (queue != null) {
            full = null;
            drain(queue);
        }
        return future;
    }

    /** Takes what is full; what is not lingers. */
    private void drain(PartitionQueue queue) {
        if (queue.nextDueIn(bench.nanoTime(), /* hurry= */ false, Destination.NONE) != 0) {
            return;
        }
        ProducerBatch batch = queue.takeNext(Integer.MAX_VALUE, Destination.NONE);
        if (batch != null) {
            batch.send(bench.nanoTime());
            batch.returned(null, /* mayBeWritten= */ true);
            batch.acknowledge(0, -1, Runnable::run);
            queue.written(batch);
            batch.free();
        }
    }

    @TearDown
    public void close() {
        bench.close();
    }
}
