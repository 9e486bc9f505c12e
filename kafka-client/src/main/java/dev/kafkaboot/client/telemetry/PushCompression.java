package dev.kafkaboot.client.telemetry;

import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.record.compress.MissingCodecException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** How pushes are compressed: in the way that the broker prefers among those that can be had here, and that it did not refuse all the same. On the loop. */
final class PushCompression {

    private final Set<CompressionType> unusable = EnumSet.noneOf(CompressionType.class);

    /**
     * What is sent.
     *
     * @param type how it is compressed
     * @param bytes the result
     */
    record Compressed(CompressionType type, ByteBuffer bytes) {}

    /** Compresses, or leaves as it is what cannot be compressed in any way that is accepted. */
    Compressed compress(byte[] plain, List<Byte> accepted) {
        for (byte id : accepted) {
            CompressionType type = CompressionType.forId(id);
            if (type != null && type != CompressionType.NONE && !unusable.contains(type)) {
                try (Codec codec = Compression.of(type).newCodec()) {
                    return new Compressed(type, compress(plain, codec));
                } catch (MissingCodecException missing) {
                    unusable.add(type);
                }
            }
        }
        return new Compressed(CompressionType.NONE, ByteBuffer.wrap(plain));
    }

    private static ByteBuffer compress(byte[] plain, Codec codec) {
        ByteBuffer input = ByteBuffer.allocateDirect(plain.length).put(plain).flip(); // what codecs in native code want
        ByteBuffer output = ByteBuffer.allocateDirect(codec.maxCompressedSize(plain.length));
        codec.compress(input, output);
        return output.flip();
    }

    /** The broker did not accept what it had said it accepts. */
    void refused(CompressionType type) {
        unusable.add(type);
    }
}
