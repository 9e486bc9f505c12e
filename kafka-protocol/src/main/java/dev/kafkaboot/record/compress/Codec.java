package dev.kafkaboot.record.compress;

import java.nio.ByteBuffer;

/**
 * Compresses the records of whole batches. Safe for use by several threads.
 *
 * <p>Made by {@link Compression#newCodec()}; holds native memory until it is closed.
 */
public interface Codec extends AutoCloseable {

    /** Compresses nothing. */
    Codec NONE = new Codec() {
        @Override
        public CompressionType type() {
            return CompressionType.NONE;
        }

        @Override
        public int maxCompressedSize(int size) {
            return size;
        }

        @Override
        public void compress(ByteBuffer input, ByteBuffer output) {
            output.put(input);
        }
    };

    /** What it makes. */
    CompressionType type();

    /** The most bytes that so many bytes can become. */
    int maxCompressedSize(int size);

    /**
     * Compresses what remains in one buffer into the other.
     *
     * @param input read to its limit
     * @param output has room for {@link #maxCompressedSize(int)}; its position moves behind the result
     */
    void compress(ByteBuffer input, ByteBuffer output);

    @Override
    default void close() {}
}
