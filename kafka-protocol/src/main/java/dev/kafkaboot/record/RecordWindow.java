package dev.kafkaboot.record;

import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.record.compress.Decompressor;
import dev.kafkaboot.record.compress.PlainSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part of a batch's records that is in memory: all of it, or as much of a decompressing stream as the current record needs.
 *
 * <p>The window grows to the largest record and no further, and only as bytes really come, so a length that lies costs nothing.
 */
final class RecordWindow implements AutoCloseable {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The largest buffer that there can be, in bytes. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    /** No records. */
    static final RecordWindow NONE = whole(NOTHING);

    private final @Nullable Decompressor decompressor;
    private final @Nullable PlainSource source;
    private ByteBuffer bytes;
    private boolean ended;
    private boolean closed;

    private RecordWindow(@Nullable Decompressor decompressor, @Nullable PlainSource source, ByteBuffer bytes) {
        this.decompressor = decompressor;
        this.source = source;
        this.bytes = bytes;
    }

    /** Records that are all in memory. */
    static RecordWindow whole(ByteBuffer bytes) {
        return new RecordWindow(null, null, bytes);
    }

    /** Records that are decompressed as they are read. */
    static RecordWindow compressed(Decompressor decompressor, CompressionType type, ByteBuffer bytes, long limit) {
        try {
            PlainSource source = decompressor.open(type, bytes, limit);
            return new RecordWindow(decompressor, source, decompressor.takeWindow(1).limit(0));
        } catch (IOException e) {
            throw undecodable(e);
        }
    }

    private static CorruptRecordException undecodable(IOException cause) {
        return new CorruptRecordException("the records cannot be decompressed: " + cause.getMessage(), cause);
    }

    /** What is in memory, from where reading goes on to the end. */
    ByteBuffer bytes() {
        return bytes;
    }

    /**
     * Brings bytes into memory. What was in memory before may have moved.
     *
     * @return whether there are so many
     */
    boolean has(int count) {
        return bytes.remaining() >= count || source != null && fill(source, count);
    }

    private boolean fill(PlainSource from, int count) {
        if (closed) {
            throw new IllegalStateException("The cursor is closed");
        }
        bytes.compact(); // from here on its limit is its capacity, and its position where the next bytes go
        try {
            while (!ended && bytes.position() < count) {
                makeRoom(from.room());
                ended = from.read(bytes) < 0;
            }
        } catch (IOException e) {
            throw undecodable(e);
        } finally {
            bytes.flip();
        }
        return bytes.remaining() >= count;
    }

    private void makeRoom(int room) {
        if (bytes.remaining() >= room) {
            return;
        }
        int size = grown(bytes.capacity(), (long) bytes.position() + room);
        Decompressor windows = Objects.requireNonNull(decompressor);
        ByteBuffer larger = windows.takeWindow(size);
        larger.put(bytes.flip());
        windows.giveWindow(bytes);
        bytes = larger;
    }

    /** The size of the next window, in which so many bytes are needed at once. */
    static int grown(int capacity, long needed) {
        if (needed > LARGEST) {
            throw new CorruptRecordException("the records need " + needed + " bytes in memory at once, and " + LARGEST + " are possible");
        }
        return (int) Math.min(LARGEST, Math.max(needed, 2L * capacity));
    }

    /** Brings all there is into memory. */
    void fillWhole() {
        has(Integer.MAX_VALUE);
    }

    /** Whether nothing follows. */
    boolean isAtEnd() {
        return !has(1);
    }

    /** Gives everything back. Calling it again has no effect. */
    @Override
    public void close() {
        if (closed || source == null || decompressor == null) {
            return;
        }
        closed = true;
        source.close();
        decompressor.giveWindow(bytes);
        bytes = NOTHING;
    }
}
