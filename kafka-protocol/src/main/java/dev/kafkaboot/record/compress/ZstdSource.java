package dev.kafkaboot.record.compress;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads Zstandard frames, one or several, by zstd-jni. */
final class ZstdSource extends PlainSource {

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    private boolean betweenFrames;

    ZstdSource() {}

    @Override
    CompressionType type() {
        return CompressionType.ZSTD;
    }

    @Override
    void begin() {
        makeInputDirect();
        betweenFrames = false;
        context.reset();
    }

    @Override
    int produce(ByteBuffer target) throws IOException {
        if (betweenFrames && !input.hasRemaining()) {
            return -1;
        }
        int targetStart = target.position();
        int inputStart = input.position();
        try {
            betweenFrames = context.decompressDirectByteBufferStream(target, input);
        } catch (ZstdException e) {
            throw new IOException("they are not valid zstd: " + e.getMessage(), e);
        }
        int count = target.position() - targetStart;
        if (count == 0 && input.position() == inputStart && !betweenFrames) {
            throw new IOException("they are cut off");
        }
        return count;
    }

    @Override
    void discard() {
        context.close();
    }
}
