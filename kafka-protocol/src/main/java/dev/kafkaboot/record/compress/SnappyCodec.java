package dev.kafkaboot.record.compress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/** Snappy blocks in the framing of snappy-java: a header, then blocks with their sizes in front. */
final class SnappyCodec implements Codec {

    static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};

    /** The magic and two numbers, version and oldest version that can read it. */
    static final int HEADER_SIZE = 16;

    private static final int VERSION = 1;
    private static final int BLOCK = 32 * 1024;

    SnappyCodec() {
        Snappy.maxCompressedLength(BLOCK); // loads the library, or fails
    }

    @Override
    public CompressionType type() {
        return CompressionType.SNAPPY;
    }

    @Override
    public int maxCompressedSize(int size) {
        int blocks = size / BLOCK + 1;
        return Math.addExact(HEADER_SIZE, Math.multiplyExact(blocks, 4 + Snappy.maxCompressedLength(BLOCK)));
    }

    @Override
    public void compress(ByteBuffer input, ByteBuffer output) {
        output.put(MAGIC).putInt(VERSION).putInt(VERSION);
        byte[] block = new byte[Math.min(BLOCK, input.remaining())];
        byte[] compressed = new byte[Snappy.maxCompressedLength(block.length)];
        while (input.hasRemaining()) {
            int length = Math.min(block.length, input.remaining());
            input.get(block, 0, length);
            int compressedLength = compress(block, length, compressed);
            output.putInt(compressedLength).put(compressed, 0, compressedLength);
        }
    }

    private static int compress(byte[] block, int length, byte[] compressed) {
        try {
            return Snappy.compress(block, 0, length, compressed, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
