package dev.kafkaboot.record.compress;

import dev.kafkaboot.record.CorruptRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;

/** Opens compressed records for reading: as a stream, with a bound on what comes out of it. */
public final class Decompression {

    private static final int GZIP_BUFFER = 8 * 1024;

    private Decompression() {}

    /**
     * Opens a stream.
     *
     * @param type what the bytes are compressed with
     * @param compressed the bytes; the buffer stays as it is
     * @param limit the most bytes that may come out; one more is a {@link CorruptRecordException}
     * @throws MissingCodecException if the codec's library is not on the class path
     */
    public static InputStream open(CompressionType type, ByteBuffer compressed, long limit) {
        ByteBuffer input = compressed.duplicate();
        InputStream plain = switch (type) {
            case NONE -> new BufferInputStream(input);
            case GZIP -> gzip(input);
            case SNAPPY -> Compression.needing(type, "org.xerial.snappy:snappy-java", () -> new SnappyInput(input, limit));
            case LZ4 -> Compression.needing(type, "at.yawk.lz4:lz4-java", () -> new Lz4Input(input));
            case ZSTD -> Compression.needing(type, "com.github.luben:zstd-jni", () -> ZstdInput.open(input));
        };
        return new LimitedInputStream(plain, limit);
    }

    private static InputStream gzip(ByteBuffer input) {
        try {
            return new GZIPInputStream(new BufferInputStream(input), GZIP_BUFFER);
        } catch (IOException e) {
            throw new CorruptRecordException("The records are not gzip: " + e.getMessage(), e);
        }
    }
}
