package dev.kafkaboot.benchmarks.micro;

import dev.kafkaboot.benchmarks.Payloads;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
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

/** Compresses what a batch holds, in one shot. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CompressBenchmark {

    @Param({"NONE", "GZIP", "SNAPPY", "LZ4", "ZSTD"})
    public CompressionType codec = CompressionType.NONE;

    @Param({"16384", "262144"})
    public int size;

    private Codec compressor = Codec.NONE;
    private ByteBuffer input = ByteBuffer.allocate(0);
    private ByteBuffer output = ByteBuffer.allocate(0);

    @Setup
    public void prepare() {
        compressor = Compression.of(codec).newCodec();
        input = ByteBuffer.allocateDirect(size);
        output = ByteBuffer.allocateDirect(compressor.maxCompressedSize(size));
        Payloads payloads = new Payloads(100);
        for (int i = 0; input.remaining() >= 100; i++) {
            input.put(payloads.value(i));
        }
        input.flip();
    }

    @Benchmark
    public int compress() {
        input.rewind();
        output.clear();
        compressor.compress(input, output);
        return output.position();
    }

    @TearDown
    public void close() {
        compressor.close();
    }
}
