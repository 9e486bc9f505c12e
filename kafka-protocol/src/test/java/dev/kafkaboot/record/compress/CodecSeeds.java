package dev.kafkaboot.record.compress;

import dev.kafkaboot.fuzz.Corpus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.xerial.snappy.Snappy;

/** Writes the inputs that {@link CodecFuzzTest} begins with: what ours and Apache's codecs make of a few plain bytes. */
public final class CodecSeeds {

    private CodecSeeds() {}

    /** Writes them below a folder of resources. */
    public static void write(Path resources) throws Exception {
        Corpus corpus = Corpus.of(resources, CodecFuzzTest.class);
        for (CompressionType type : CompressionType.values()) {
            if (type == CompressionType.NONE) {
                continue;
            }
            String method = type.name().toLowerCase(Locale.ROOT);
            for (Map.Entry<String, byte[]> plain : plains().entrySet()) {
                corpus.add(method, "ours-" + plain.getKey(), ours(type, plain.getValue()));
                corpus.add(method, "apaches-" + plain.getKey(), ApachesCodec.compress(type, plain.getValue()));
            }
            byte[] one = ours(type, plains().get("text"));
            byte[] two = ByteBuffer.allocate(2 * one.length).put(one).put(one).array();
            corpus.add(method, "two-in-a-row", two);
        }
        corpus.add("snappy", "unframed", Snappy.compress(plains().get("text")));
        corpus.add("lz4", "with-checksums", lz4WithChecksums(plains().get("text")));
    }

    private static Map<String, byte[]> plains() {
        Map<String, byte[]> plains = new LinkedHashMap<>();
        plains.put("nothing", new byte[0]);
        plains.put("text", "orders, orders, orders and payments of orders".getBytes(StandardCharsets.US_ASCII));
        plains.put("zeros", new byte[100_000]);
        byte[] noise = new byte[300];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) random.nextInt();
        }
        plains.put("noise", noise);
        return plains;
    }

    private static byte[] ours(CompressionType type, byte[] plain) {
        try (Codec codec = Compression.of(type).newCodec()) {
            ByteBuffer target = ByteBuffer.allocate(codec.maxCompressedSize(plain.length));
            codec.compress(ByteBuffer.wrap(plain), target);
            byte[] bytes = new byte[target.position()];
            target.get(0, bytes);
            return bytes;
        }
    }

    private static byte[] lz4WithChecksums(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new LZ4FrameOutputStream(bytes, LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB, plain.length,
                LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE, LZ4FrameOutputStream.FLG.Bits.BLOCK_CHECKSUM,
                LZ4FrameOutputStream.FLG.Bits.CONTENT_CHECKSUM, LZ4FrameOutputStream.FLG.Bits.CONTENT_SIZE)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }
}
