package dev.kafkaboot.record.compress;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.NullMarked;

/** Reads gzip as it is read otherwise, but that there is no memory for it once. */
@NullMarked
public final class ExhaustedGzip extends PlainSource {

    private final GzipSource gzip = new GzipSource();
    private int begins;
    private int pieces;

    private ExhaustedGzip(int begins, int pieces) {
        this.begins = begins;
        this.pieces = pieces;
    }

    /** Lets the opening of a batch fail: the how-manieth from now on. */
    public static void atBatch(int number, Decompressor decompressor) {
        decompressor.give(new ExhaustedGzip(number, 0));
    }

    /** Lets reading on within a batch fail: at the how-manieth piece of as much as a window takes. */
    public static void atPiece(int number, Decompressor decompressor) {
        decompressor.give(new ExhaustedGzip(0, number));
    }

    private static OutOfMemoryError exhausted() {
        return new OutOfMemoryError("Cannot reserve 131072 bytes of direct buffer memory (a test's)");
    }

    @Override
    void begin() throws IOException {
        if (begins-- == 1) {
            throw exhausted();
        }
        gzip.input = input;
        gzip.begin();
    }

    @Override
    int produce(ByteBuffer target) throws IOException {
        if (pieces-- == 1) {
            throw exhausted();
        }
        return gzip.produce(target);
    }

    @Override
    void discard() {
        gzip.discard();
    }

    @Override
    CompressionType type() {
        return CompressionType.GZIP;
    }
}
