package dev.kafkaboot.benchmarks.micro;

import dev.kafkaboot.benchmarks.Payloads;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Writes the records of a batch and closes it, with its checksum; a batch an operation. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BuildBenchmark {

    private static final int CHUNK = 16 * 1024;

    /** Records of 100 bytes. */
    @Param({"160", "8000"})
    public int records;

    private final Payloads payloads = new Payloads(100);
    private final Chunks chunks = new Chunks();

    /** As the producer's pool has them: direct, and used again. */
    private static final class Chunks implements ChunkSource {

        private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

        @Override
        public @Nullable ByteBuffer take(int atLeast) {
            ByteBuffer chunk = free.poll();
            return chunk == null ? ByteBuffer.allocateDirect(CHUNK) : chunk.clear();
        }

        @Override
        public void give(ByteBuffer chunk) {
            free.push(chunk);
        }
    }

    @Benchmark
    public int build() {
        BatchBuilder builder = new BatchBuilder(chunks, CHUNK);
        for (int i = 0; i < records; i++) {
            builder.append(1_700_000_000_000L + i, null, payloads.value(i), HeaderList.EMPTY);
        }
        int size = builder.finish(/* producerId= */ 7, /* producerEpoch= */ (short) 0, /* baseSequence= */ 0, /* transactional= */ false).size();
        builder.release();
        return size;
    }
}
