package dev.kafkaboot.record.compress;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.RecordBatch;

/** The codecs of kafka-clients, by reflection, because the classes of their arguments are in other packages from one version to the next. */
final class ApachesCodec {

    private static final Method WRAP_FOR_INPUT = method("wrapForInput");
    private static final Method WRAP_FOR_OUTPUT = method("wrapForOutput");

    private ApachesCodec() {}

    private static Method method(String name) {
        return Arrays.stream(Compression.class.getMethods()).filter(method -> method.getName().equals(name)).findFirst().orElseThrow();
    }

    private static Compression compression(CompressionType type) {
        return Compression.of(org.apache.kafka.common.record.internal.CompressionType.forId(type.id())).build();
    }

    /**
     * Expands.
     *
     * @throws IOException if the bytes are refused
     */
    static byte[] decompress(CompressionType type, byte[] compressed, int most) throws IOException {
        try {
            Object noCaching = WRAP_FOR_INPUT.getParameterTypes()[2].getField("NO_CACHING").get(null);
            try (InputStream in = (InputStream) WRAP_FOR_INPUT.invoke(
                    compression(type), ByteBuffer.wrap(compressed), RecordBatch.MAGIC_VALUE_V2, noCaching)) {
                return in.readNBytes(most);
            }
        } catch (RuntimeException | ReflectiveOperationException refused) {
            throw new IOException(refused);
        }
    }

    /** Compresses. */
    static byte[] compress(CompressionType type, byte[] plain) throws Exception {
        OutputStream target = (OutputStream) WRAP_FOR_OUTPUT.getParameterTypes()[0].getConstructor(int.class).newInstance(64);
        try (OutputStream out = (OutputStream) WRAP_FOR_OUTPUT.invoke(compression(type), target, RecordBatch.MAGIC_VALUE_V2)) {
            out.write(plain);
        }
        ByteBuffer compressed = ((ByteBuffer) target.getClass().getMethod("buffer").invoke(target)).duplicate().flip();
        byte[] bytes = new byte[compressed.remaining()];
        compressed.get(bytes);
        return bytes;
    }
}
