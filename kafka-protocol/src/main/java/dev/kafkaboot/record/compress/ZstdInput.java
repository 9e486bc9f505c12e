package dev.kafkaboot.record.compress;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Opens Zstandard frames; in a class of its own, so that nothing else is linked with the library. */
final class ZstdInput {

    private ZstdInput() {}

    static InputStream open(ByteBuffer input) {
        try {
            return new ZstdInputStreamNoFinalizer(new BufferInputStream(input));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
