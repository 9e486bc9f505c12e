package dev.kafkaboot.record.compress;

import org.jspecify.annotations.Nullable;

/**
 * A way to compress, with its level (KIP-390).
 *
 * @param type the codec
 * @param level the level, or null for the codec's own default; only gzip, lz4 and zstd have levels
 */
public record Compression(CompressionType type, @Nullable Integer level) {

    /** No compression. */
    public static final Compression NONE = new Compression(CompressionType.NONE, null);

    /**
     * Checks the level.
     *
     * @throws IllegalArgumentException if the codec has no such level
     */
    public Compression {
        if (level != null) {
            boolean allowed = switch (type) {
                case GZIP -> level == -1 || level >= 1 && level <= 9;
                case LZ4 -> level >= 1 && level <= 17;
                case ZSTD -> level >= -131_072 && level <= 22;
                case NONE, SNAPPY -> false;
            };
            if (!allowed) {
                throw new IllegalArgumentException("compression " + type.configName() + " has no level " + level + "; " + switch (type) {
                    case GZIP -> "it has 1 to 9, and -1 for the default";
                    case LZ4 -> "it has 1 to 17";
                    case ZSTD -> "it has -131072 to 22";
                    case NONE, SNAPPY -> "it has no levels";
                });
            }
        }
    }

    /** A codec's default level. */
    public static Compression of(CompressionType type) {
        return new Compression(type, null);
    }

    /**
     * A codec to compress with; the caller closes it.
     *
     * @throws MissingCodecException if its library is not on the class path
     */
    public Codec newCodec() {
        return switch (type) {
            case NONE -> Codec.NONE;
            case GZIP -> new GzipCodec(level == null ? -1 : level);
            case SNAPPY -> type.needingLibrary(SnappyCodec::new);
            case LZ4 -> type.needingLibrary(() -> new Lz4Codec(level));
            case ZSTD -> type.needingLibrary(() -> new ZstdCodec(level));
        };
    }
}
