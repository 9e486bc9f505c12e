package dev.kafkaboot.record;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Builds one batch of version 2.
 *
 * <p>A record is written once, into a chunk of pooled memory. A record that does not fit into what is left of a chunk starts the next one; the unused
 * end of a chunk is not sent, so a batch grows without a copy. Compression happens once, when the batch is closed, and puts its result back into the
 * same chunks. {@link #finish} writes the header, and may be called again with another producer's state.
 *
 * <p>Used by one thread at a time. Its memory goes back to its source by {@link #release()} and in no other way.
 */
public final class BatchBuilder {

    /** The producer id of a batch without one. */
    public static final long NO_PRODUCER_ID = -1;

    /** The epoch of a batch without a producer id. */
    public static final short NO_PRODUCER_EPOCH = -1;

    /** The sequence of a batch without a producer id. */
    public static final int NO_SEQUENCE = -1;

    /** The bytes of a batch before its first record. */
    public static final int OVERHEAD = BatchLayout.HEADER_SIZE;

    /** What is left of the largest array there can be when a batch's header and the record's own length are taken off. */
    private static final int LARGEST_RECORD = Integer.MAX_VALUE - 1024;

    private final ChunkSource source;
    private final int chunkSize;
    private final List<ByteBuffer> chunks = new ArrayList<>(2);

    private @Nullable ByteBuffer current;
    private int closedChunksSize;
    private int count;
    private long baseTimestamp;
    private long maxTimestamp = Long.MIN_VALUE;
    private CompressionType compression = CompressionType.NONE;
    private boolean closed;

    /**
     * A batch without records.
     *
     * @param source where its memory comes from
     * @param chunkSize how much is taken at a time, in bytes; more if a record needs it
     */
    public BatchBuilder(ChunkSource source, int chunkSize) {
        this.source = source;
        this.chunkSize = chunkSize;
    }

    /** The largest number of bytes that a record can take in a batch. */
    public static int maxRecordSize(byte @Nullable [] key, byte @Nullable [] value, HeaderList headers) {
        // Its own length, attributes, timestamp and offset at their largest; then the lengths of key, value and headers.
        long size = 5 + 1 + 10 + 5 + 5 + 5 + 5 + (key == null ? 0 : key.length) + (value == null ? 0L : value.length);
        for (int i = 0; i < headers.size(); i++) {
            byte[] header = headers.value(i);
            size += 5 + 5 + 3L * headers.key(i).length() + (header == null ? 0 : header.length);
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /**
     * Appends a record.
     *
     * @param timestamp milliseconds since the epoch
     * @return the record's index in the batch, or -1 if there was no memory for it; then nothing was changed
     */
    public int append(long timestamp, byte @Nullable [] key, byte @Nullable [] value, HeaderList headers) {
        return append(timestamp, key, value, headers, source);
    }

    /**
     * Appends a record, with memory, if that is needed, from another source. It goes back to the batch's own, as all of it does.
     *
     * @param timestamp milliseconds since the epoch
     * @return the record's index in the batch, or -1 if there was no memory for it; then nothing was changed
     */
    public int append(long timestamp, byte @Nullable [] key, byte @Nullable [] value, HeaderList headers, ChunkSource memory) {
        if (closed) {
            throw new IllegalStateException("The batch is closed");
        }
        long delta = count == 0 ? 0 : timestamp - baseTimestamp;
        int keySize = key == null ? -1 : key.length;
        int valueSize = value == null ? -1 : value.length;
        int headerCount = headers.size();
        // In long, because two arrays together may have more bytes than an int can count.
        long plainSize = 1L + Varints.size(delta) + Varints.size(count) + Varints.size(keySize) + Math.max(keySize, 0)
                + Varints.size(valueSize) + Math.max(valueSize, 0) + Varints.size(headerCount);
        if (headerCount > 0) {
            plainSize += headersSize(headers, headerCount);
        }
        if (plainSize > LARGEST_RECORD) {
            throw new IllegalArgumentException("A record of " + plainSize + " bytes fits into no batch");
        }
        int size = (int) plainSize;
        ByteBuffer target = room(Varints.size(size) + size, memory);
        if (target == null) {
            return -1;
        }
        int start = target.position();
        Varints.put(target, size);
        target.put((byte) 0); // attributes, of which there are none yet
        Varints.put(target, delta);
        Varints.put(target, count);
        putBytes(target, key);
        putBytes(target, value);
        Varints.put(target, headerCount);
        if (headerCount > 0) {
            putHeaders(target, start, Varints.size(size) + size, headers, headerCount);
        }
        if (count == 0) {
            baseTimestamp = timestamp;
        }
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        return count++;
    }

    private static long headersSize(HeaderList headers, int headerCount) {
        long size = 0;
        for (int i = 0; i < headerCount; i++) {
            int nameSize = Utf8.size(headers.key(i));
            byte[] value = headers.value(i);
            size += Varints.size(nameSize) + nameSize;
            size += value == null ? 1 : Varints.size(value.length) + value.length;
        }
        return size;
    }

    /** Writes the last part of a record; if the headers are not what they were when they were measured, nothing of the record stays. */
    private static void putHeaders(ByteBuffer target, int recordStart, int recordSize, HeaderList headers, int headerCount) {
        boolean complete = false;
        try {
            for (int i = 0; i < headerCount; i++) {
                String name = headers.key(i);
                Varints.put(target, Utf8.size(name));
                Utf8.put(target, name);
                putBytes(target, headers.value(i));
            }
            complete = target.position() - recordStart == recordSize;
        } finally {
            if (!complete) {
                target.position(recordStart);
            }
        }
        if (!complete) {
            throw new ConcurrentModificationException("The headers changed while they were written");
        }
    }

    private static void putBytes(ByteBuffer target, byte @Nullable [] bytes) {
        if (bytes == null) {
            Varints.put(target, -1);
        } else {
            Varints.put(target, bytes.length);
            target.put(bytes);
        }
    }

    /** A chunk with room for so many bytes; null if there is no memory. */
    private @Nullable ByteBuffer room(int bytes, ChunkSource memory) {
        ByteBuffer target = current;
        if (target != null && target.remaining() >= bytes) {
            return target;
        }
        int reserved = target == null ? BatchLayout.HEADER_SIZE : 0;
        ByteBuffer next = memory.take(Math.max(chunkSize, Math.addExact(bytes, reserved)));
        if (next == null) {
            return null;
        }
        if (target != null) {
            closedChunksSize += target.position();
        }
        next.position(reserved);
        chunks.add(next);
        current = next;
        return next;
    }

    /** How many records there are. */
    public int count() {
        return count;
    }

    /** The largest timestamp, in milliseconds since the epoch; of no meaning while there is no record. */
    public long maxTimestamp() {
        return maxTimestamp;
    }

    /** The size of the batch in bytes, its header included. */
    public int sizeInBytes() {
        return current == null ? OVERHEAD : closedChunksSize + current.position();
    }

    /** The memory that it holds, in bytes. */
    public int capacity() {
        int capacity = 0;
        for (ByteBuffer chunk : chunks) {
            capacity += chunk.capacity();
        }
        return capacity;
    }

    /** What the records were compressed with; NONE before {@link #close} and where compressing did not make them smaller. */
    public CompressionType compression() {
        return compression;
    }

    /** Takes no more records, and compresses those there are; a result that is not smaller is not used. Calling it again has no effect. */
    public void close(Codec codec) {
        if (closed) {
            return;
        }
        closed = true;
        if (count == 0 || codec.type() == CompressionType.NONE) {
            return;
        }
        int plainSize = sizeInBytes() - OVERHEAD;
        ByteBuffer output = source.takeScratch(codec.maxCompressedSize(plainSize));
        try {
            compress(codec, plainSize, output);
            output.flip();
            if (output.remaining() < plainSize) {
                replaceRecords(output);
                compression = codec.type();
            }
        } finally {
            source.giveScratch(output);
        }
    }

    private void compress(Codec codec, int plainSize, ByteBuffer output) {
        if (chunks.size() == 1) {
            codec.compress(chunks.get(0).duplicate().flip().position(OVERHEAD), output);
            return;
        }
        ByteBuffer input = source.takeScratch(plainSize);
        try {
            codec.compress(gatherRecords(input), output);
        } finally {
            source.giveScratch(input);
        }
    }

    private ByteBuffer gatherRecords(ByteBuffer target) {
        int from = OVERHEAD;
        for (ByteBuffer chunk : chunks) {
            target.put(chunk.duplicate().flip().position(from));
            from = 0;
        }
        return target.flip();
    }

    private void replaceRecords(ByteBuffer compressed) {
        int used = 0;
        closedChunksSize = 0;
        for (ByteBuffer chunk : chunks) {
            chunk.clear().position(used == 0 ? OVERHEAD : 0);
            int length = Math.min(chunk.remaining(), compressed.remaining());
            chunk.put(compressed.slice(compressed.position(), length));
            compressed.position(compressed.position() + length);
            used++;
            if (!compressed.hasRemaining()) {
                break;
            }
            closedChunksSize += chunk.position();
        }
        while (chunks.size() > used) {
            source.give(chunks.remove(chunks.size() - 1));
        }
        current = chunks.get(used - 1);
    }

    /**
     * Writes the header and answers the whole batch, by reference.
     *
     * @param producerId the idempotent producer's id, or {@link #NO_PRODUCER_ID}
     * @param producerEpoch its epoch, or {@link #NO_PRODUCER_EPOCH}
     * @param baseSequence the sequence of the first record, or {@link #NO_SEQUENCE}
     * @param transactional whether it belongs to a transaction
     */
    public Bytes finish(long producerId, short producerEpoch, int baseSequence, boolean transactional) {
        if (count == 0) {
            throw new IllegalStateException("The batch has no record");
        }
        closed = true;
        ByteBuffer header = chunks.get(0);
        header.putLong(BatchLayout.BASE_OFFSET, 0);
        header.putInt(BatchLayout.LENGTH, sizeInBytes() - BatchLayout.LOG_OVERHEAD);
        header.putInt(BatchLayout.LEADER_EPOCH, -1);
        header.put(BatchLayout.MAGIC, BatchLayout.MAGIC_V2);
        int attributes = compression.id() | (transactional ? BatchLayout.TRANSACTIONAL_FLAG : 0);
        header.putShort(BatchLayout.ATTRIBUTES, (short) attributes);
        header.putInt(BatchLayout.LAST_OFFSET_DELTA, count - 1);
        header.putLong(BatchLayout.BASE_TIMESTAMP, baseTimestamp);
        header.putLong(BatchLayout.MAX_TIMESTAMP, maxTimestamp);
        header.putLong(BatchLayout.PRODUCER_ID, producerId);
        header.putShort(BatchLayout.PRODUCER_EPOCH, producerEpoch);
        header.putInt(BatchLayout.BASE_SEQUENCE, baseSequence);
        header.putInt(BatchLayout.RECORD_COUNT, count);
        ByteBuffer[] filled = new ByteBuffer[chunks.size()];
        CRC32C crc = new CRC32C();
        for (int i = 0; i < filled.length; i++) {
            filled[i] = chunks.get(i).duplicate().flip();
            crc.update(i == 0 ? filled[i].duplicate().position(BatchLayout.ATTRIBUTES) : filled[i].duplicate());
        }
        header.putInt(BatchLayout.CRC, (int) crc.getValue());
        return Bytes.of(filled);
    }

    /** Gives all memory back. The batch, and what {@link #finish} answered, must not be used any more. */
    public void release() {
        chunks.forEach(chunk -> source.give(chunk.clear()));
        chunks.clear();
        current = null;
        closed = true;
    }
}
