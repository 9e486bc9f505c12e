package dev.kafkaboot.record.compress;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kafkaboot.fuzz.Direct;
import dev.kafkaboot.fuzz.Memory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes are decompressed or refused with an {@link IOException}, in a bounded number of steps and in bounded memory; what Apache's classes accept as
 * well expands to the same.
 */
class CodecFuzzTest {

    private static final int LIMIT = 1 << 20;

    /** The largest block of an LZ4 frame: so much room is asked for before it is known that so much comes. */
    private static final int LARGEST_BLOCK = 4 << 20;

    /** What is read at a time where a codec leaves the choice. */
    private static final int PIECE = 4096;

    /** What native contexts, exceptions and the checks of this test have on the heap. */
    private static final long FIXED_COST = 2 << 20;

    private static final ByteBuffer WINDOW = ByteBuffer.allocateDirect(LARGEST_BLOCK);

    @FuzzTest
    void gzip(byte[] input) throws IOException {
        decompress(CompressionType.GZIP, input);
    }

    @FuzzTest
    void snappy(byte[] input) throws IOException {
        decompress(CompressionType.SNAPPY, input);
    }

    @FuzzTest
    void lz4(byte[] input) throws IOException {
        decompress(CompressionType.LZ4, input);
    }

    @FuzzTest
    void zstd(byte[] input) throws IOException {
        decompress(CompressionType.ZSTD, input);
    }

    private static void decompress(CompressionType type, byte[] input) throws IOException {
        try (Decompressor decompressor = new Decompressor()) {
            AtomicReference<byte @Nullable []> plain = new AtomicReference<>();
            Memory.within(FIXED_COST + 4L * LIMIT + 8L * input.length, () -> plain.set(readOrRefuse(decompressor, type, ByteBuffer.wrap(input))));

            assertThat(readOrRefuse(decompressor, type, Direct.copy(input))).as("outside the heap").isEqualTo(plain.get());
            if (plain.get() != null) {
                expandsToTheSame(type, input, plain.get());
            }
            theNextIsReadWhole(decompressor, type);
        }
    }

    private static byte @Nullable [] readOrRefuse(Decompressor decompressor, CompressionType type, ByteBuffer input) {
        try {
            return read(decompressor, type, input);
        } catch (IOException refused) {
            assertThat(refused).hasMessageMatching("(?s).{10,}");
            return null;
        }
    }

    private static byte[] read(Decompressor decompressor, CompressionType type, ByteBuffer input) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (PlainSource source = decompressor.open(type, input, LIMIT)) {
            // Every call takes at least a byte or gives one.
            long callsLeft = 2L * input.remaining() + 16;
            while (true) {
                int room = source.room();
                assertThat(room).isBetween(1, LARGEST_BLOCK);
                WINDOW.clear().limit(Math.max(room, PIECE));
                int count = source.read(WINDOW);
                assertThat(WINDOW.position()).isEqualTo(Math.max(count, 0));
                if (count < 0) {
                    return plain.toByteArray();
                }
                byte[] piece = new byte[count];
                WINDOW.get(0, piece);
                plain.write(piece);
                assertThat(plain.size()).isLessThanOrEqualTo(LIMIT);
                callsLeft += count;
                assertThat(callsLeft--).as("calls that get no nearer to the end").isPositive();
            }
        }
    }

    private static void expandsToTheSame(CompressionType type, byte[] input, byte[] plain) {
        byte[] theirs;
        try {
            theirs = ApachesCodec.decompress(type, input, 2 * LIMIT);
        } catch (IOException refused) {
            return;
        }
        assertThat(plain).isEqualTo(theirs);
    }

    /** What was refused leaves nothing behind in what is used again. */
    private static void theNextIsReadWhole(Decompressor decompressor, CompressionType type) throws IOException {
        byte[] text = "the next batch, the next batch, the next batch".getBytes(StandardCharsets.US_ASCII);
        try (Codec codec = Compression.of(type).newCodec()) {
            ByteBuffer compressed = ByteBuffer.allocate(codec.maxCompressedSize(text.length));
            codec.compress(ByteBuffer.wrap(text), compressed);
            byte[] bytes = new byte[compressed.position()];
            compressed.get(0, bytes);

            assertThat(read(decompressor, type, ByteBuffer.wrap(bytes))).isEqualTo(text);
            assertThat(ApachesCodec.decompress(type, bytes, LIMIT)).isEqualTo(text);
        }
    }
}
