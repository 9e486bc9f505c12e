package dev.kafkaboot.record.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Gzip (RFC 1952), by the JDK's deflater. Deflaters are kept for the next batch: each has some 260 KB of native memory to be made. */
final class GzipCodec implements Codec {

    /** Magic, deflate, no flags, no time, no extra flags, unknown system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final int TRAILER_SIZE = 8;

    private static final int KEPT_DEFLATERS = 8;

    private final Shelf<Deflater> deflaters = new Shelf<>(KEPT_DEFLATERS, Deflater::end);
    private final int level;

    GzipCodec(int level) {
        this.level = level;
    }

    @Override
    public CompressionType type() {
        return CompressionType.GZIP;
    }

    @Override
    public int maxCompressedSize(int size) {
        // Stored blocks cost five bytes for every 16 KB.
        return Math.addExact(size, (size >> 14) * 5 + 64);
    }

    @Override
    public void compress(ByteBuffer input, ByteBuffer output) {
        output.put(HEADER);
        int size = input.remaining();
        CRC32 crc = new CRC32();
        crc.update(input.duplicate());
        deflate(input, output);
        if (output.remaining() < TRAILER_SIZE) {
            throw new IllegalStateException("The output is too small");
        }
        ByteOrder order = output.order();
        output.order(ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue()).putInt(size).order(order);
    }

    private void deflate(ByteBuffer input, ByteBuffer output) {
        Deflater deflater = deflaters.poll();
        if (deflater == null) {
            deflater = new Deflater(level, /* nowrap= */ true);
        }
        try {
            deflater.setInput(input);
            deflater.finish();
            while (!deflater.finished()) {
                if (deflater.deflate(output) == 0 && !output.hasRemaining()) {
                    throw new IllegalStateException("The output is too small");
                }
            }
        } finally {
            deflater.reset();
            deflaters.give(deflater);
        }
    }

    @Override
    public void close() {
        deflaters.close();
    }
}
