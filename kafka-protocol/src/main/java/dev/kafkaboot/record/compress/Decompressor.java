package dev.kafkaboot.record.compress;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Opens compressed records for reading, and keeps what decompressing needs (native contexts, buffers) from one batch to the next.
 *
 * <p>Safe for use by several threads; what it opens is for one thread each. Whoever reads many batches has one of these for as long as it reads; it
 * holds native memory until it is closed.
 */
public final class Decompressor implements AutoCloseable {

    /** What a window has at least, in bytes: room for the largest block of the usual codecs behind what is left of the last one. */
    private static final int WINDOW = 128 * 1024;

    /** Larger windows, which a large record made necessary, are not kept. */
    private static final int LARGEST_KEPT_WINDOW = 512 * 1024;

    /** How many of each are kept: about as many as threads may decode at a time. */
    private static final int KEPT = 8;

    private final Shelf<ByteBuffer> windows = new Shelf<>(KEPT, window -> {});
    private final Shelf<PlainSource> gzip = new Shelf<>(KEPT, PlainSource::discard);
    private final Shelf<PlainSource> snappy = new Shelf<>(KEPT, PlainSource::discard);
    private final Shelf<PlainSource> lz4 = new Shelf<>(KEPT, PlainSource::discard);
    private final Shelf<PlainSource> zstd = new Shelf<>(KEPT, PlainSource::discard);

    /** A decompressor that holds nothing yet. */
    public Decompressor() {}

    /**
     * Opens compressed bytes for reading.
     *
     * @param type what they are compressed with; not NONE
     * @param compressed the bytes, which must not change while they are read; the buffer's position and limit stay as they are
     * @param limit the most bytes that may come out
     * @throws IOException if the bytes do not begin as they should
     * @throws MissingCodecException if the codec's library is not on the class path
     */
    public PlainSource open(CompressionType type, ByteBuffer compressed, long limit) throws IOException {
        PlainSource source = shelf(type).poll();
        if (source == null) {
            source = create(type);
        }
        boolean started = false;
        try {
            source.start(this, compressed, limit);
            started = true;
            return source;
        } finally {
            if (!started) {
                source.close();
            }
        }
    }

    private Shelf<PlainSource> shelf(CompressionType type) {
        return switch (type) {
            case GZIP -> gzip;
            case SNAPPY -> snappy;
            case LZ4 -> lz4;
            case ZSTD -> zstd;
            case NONE -> throw new IllegalArgumentException("Nothing is to be decompressed");
        };
    }

    private static PlainSource create(CompressionType type) {
        return switch (type) {
            case GZIP -> new GzipSource();
            case SNAPPY -> type.needingLibrary(SnappySource::new);
            case LZ4 -> type.needingLibrary(Lz4Source::new);
            case ZSTD -> type.needingLibrary(ZstdSource::new);
            case NONE -> throw new IllegalArgumentException("Nothing is to be decompressed");
        };
    }

    /** Takes back what {@link #open} answered. */
    void give(PlainSource source) {
        shelf(source.type()).give(source);
    }

    /**
     * Memory to read into: direct, empty, with its limit at its capacity.
     *
     * @param atLeast its least size in bytes
     */
    public ByteBuffer takeWindow(int atLeast) {
        ByteBuffer window = windows.poll();
        return window != null && window.capacity() >= atLeast ? window.clear() : ByteBuffer.allocateDirect(Math.max(atLeast, WINDOW));
    }

    /** Takes back what {@link #takeWindow} gave; nobody may use it, nor a slice of it, any more. */
    public void giveWindow(ByteBuffer window) {
        if (window.capacity() <= LARGEST_KEPT_WINDOW) {
            windows.give(window);
        }
    }

    /** Lets go of native memory; what is open stays usable, and is let go of when it is closed. Calling it again has no effect. */
    @Override
    public void close() {
        windows.close();
        gzip.close();
        snappy.close();
        lz4.close();
        zstd.close();
    }
}
