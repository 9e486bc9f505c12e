package dev.kafkaboot.record.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Zstandard, by zstd-jni. Contexts are kept for the next batch: making one costs more than compressing a small batch. */
final class ZstdCodec implements Codec {

    private static final int DEFAULT_LEVEL = 3;
    private static final int KEPT_CONTEXTS = 8;

    private final Shelf<ZstdCompressCtx> contexts = new Shelf<>(KEPT_CONTEXTS, ZstdCompressCtx::close);
    private final int level;

    ZstdCodec(@Nullable Integer level) {
        this.level = level == null ? DEFAULT_LEVEL : level;
        Zstd.compressBound(0); // loads the library, or fails
    }

    @Override
    public CompressionType type() {
        return CompressionType.ZSTD;
    }

    @Override
    public int maxCompressedSize(int size) {
        return Math.toIntExact(Zstd.compressBound(size));
    }

    @Override
    public void compress(ByteBuffer input, ByteBuffer output) {
        ZstdCompressCtx context = contexts.poll();
        if (context == null) {
            context = new ZstdCompressCtx().setLevel(level);
        }
        try {
            compress(context, input, output);
        } finally {
            contexts.give(context);
        }
    }

    private static void compress(ZstdCompressCtx context, ByteBuffer input, ByteBuffer output) {
        if (input.isDirect() && output.isDirect()) {
            int size = context.compressDirectByteBuffer(
                    output, output.position(), output.remaining(), input, input.position(), input.remaining());
            output.position(output.position() + size);
            input.position(input.limit());
        } else {
            byte[] plain = new byte[input.remaining()];
            input.get(plain);
            output.put(context.compress(plain));
        }
    }

    @Override
    public void close() {
        contexts.close();
    }
}
