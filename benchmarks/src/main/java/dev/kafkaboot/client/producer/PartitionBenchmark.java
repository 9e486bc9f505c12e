package dev.kafkaboot.client.producer;

import dev.kafkaboot.benchmarks.Payloads;
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

/** Chooses a record's partition. In this package because that is nobody else's business. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PartitionBenchmark {

    @Param({"12", "1000"})
    public int partitions;

    private final Payloads payloads = new Payloads(100);
    private final Bench bench = new Bench();
    private final SendFuture future = new SendFuture(0, -1, 100);
    private PartitionQueue[] queues = {};
    private @Nullable PartitionChooser chooser;
    private StickyTurns turns = new StickyTurns(1);
    private Candidates candidates = Candidates.all(1);
    private int next;

    @Setup
    public void prepare() {
        RecordAccumulator.Settings settings = bench.settings();
        queues = bench.queues(partitions, settings);
        chooser = new PartitionChooser(Bench.TOPIC, settings.partitioning(), new StickyTurns(1), new Bench.AllLed());
        turns = new StickyTurns(1);
        candidates = Candidates.all(partitions);
    }

    /** By the hash of a key of 14 bytes. */
    @Benchmark
    public Object keyed() {
        return chooser().choose(queues, future, null, payloads.key(next++, /* keyed= */ true), null);
    }

    /** The turn's, as long as it lasts. */
    @Benchmark
    public Object sticky() {
        return chooser().choose(queues, future, null, null, null);
    }

    /** The end of a turn, once a batch. */
    @Benchmark
    public int endOfATurn() {
        return turns.moveOn(turns.current(candidates), candidates, each -> queues[each].backlogBytes());
    }

    private PartitionChooser chooser() {
        PartitionChooser known = chooser;
        if (known == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        return known;
    }

    @TearDown
    public void close() {
        bench.close();
    }
}
