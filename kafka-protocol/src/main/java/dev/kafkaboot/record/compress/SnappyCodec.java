package dev.kafkaboot.record.compress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/** Snappy blocks in the framing of snappy-java: a header, then blocks with their sizes in front. */
final class SnappyCodec implements Codec {

    /** 0x82, "SNAPPY", 0. */
    static final long MAGIC = 0x82534e4150505900L;

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
        output.putLong(MAGIC).putInt(VERSION).putInt(VERSION);
        try {
            if (input.isDirect() && output.isDirect()) {
                compressDirect(input, output);
            } else {
                compressCopy(input, output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compressDirect(ByteBuffer input, ByteBuffer output) throws IOException {
        while (input.hasRemaining()) {
            int length = Math.min(BLOCK, input.remaining());
            int start = output.position() + Integer.BYTES;
            ByteBuffer target = output.slice(start, output.limit() - start);
            int size = Snappy.compress(input.slice(input.position(), length), target);
            output.putInt(size).position(start + size);
            input.position(input.position() + length);
        }
    }

    private static void compressCopy(ByteBuffer input, ByteBuffer output) throws IOException {
        byte[] block = new byte[Math.min(BLOCK, input.remaining())];
        byte[] compressed = new byte[Snappy.maxCompressedLength(block.length)];
        while (input.hasRemaining()) {
            int length = Math.min(block.length, input.remaining());
            input.get(block, 0, length);
            int size = Snappy.compress(block, 0, length, compressed, 0);
            output.putInt(size).put(compressed, 0, size);
        }
    }
}
