package dev.kafkaboot.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a batch's records that is in memory: all of it, or as much of a decompressing stream as the current record needs.
 *
 * <p>The window grows to the largest record and no further, and only as bytes really come, so a length that lies costs nothing.
 */
final class RecordWindow implements AutoCloseable {

    private static final int INITIAL_SIZE = 16 * 1024;

    private final @Nullable InputStream stream;
    private ByteBuffer bytes;
    private boolean ended;

    private RecordWindow(@Nullable InputStream stream, ByteBuffer bytes) {
        this.stream = stream;
        this.bytes = bytes;
    }

    static RecordWindow whole(ByteBuffer bytes) {
        return new RecordWindow(null, bytes);
    }

    static RecordWindow streaming(InputStream stream) {
        return new RecordWindow(stream, ByteBuffer.allocate(INITIAL_SIZE).limit(0));
    }

    /** What is in memory, from where reading goes on to the end. */
    ByteBuffer bytes() {
        return bytes;
    }

    /**
     * Brings bytes into memory.
     *
     * @return whether there are so many
     */
    boolean has(int count) {
        return bytes.remaining() >= count || stream != null && fill(stream, count);
    }

    private boolean fill(InputStream source, int count) {
        compact();
        try {
            while (!ended && bytes.remaining() < count) {
                if (bytes.limit() == bytes.capacity()) {
                    grow();
                }
                int read = source.read(bytes.array(), bytes.limit(), bytes.capacity() - bytes.limit());
                if (read < 0) {
                    ended = true;
                } else {
                    bytes.limit(bytes.limit() + read);
                }
            }
        } catch (IOException e) {
            throw new CorruptRecordException("the records cannot be decompressed: " + e.getMessage(), e);
        }
        return bytes.remaining() >= count;
    }

    private void compact() {
        if (bytes.position() > 0) {
            bytes.compact().flip();
        }
    }

    private void grow() {
        ByteBuffer larger = ByteBuffer.allocate(Math.multiplyExact(bytes.capacity(), 2));
        larger.put(bytes);
        bytes = larger.flip();
    }

    /** Whether nothing follows. */
    boolean isAtEnd() {
        return !has(1);
    }

    @Override
    public void close() {
        if (stream == null) {
            return;
        }
        try {
            stream.close();
        } catch (IOException ignored) {
            // Everything that is needed was read.
        }
    }
}
