package dev.kafkaboot.record.compress;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ways in which the records of a batch can be compressed. */
public enum CompressionType {
    /** Not at all. */
    NONE(0),
    /** Deflate in a gzip envelope; part of the JDK. */
    GZIP(1),
    /** Snappy in the framing of snappy-java; needs {@code org.xerial.snappy:snappy-java}. */
    SNAPPY(2),
    /** LZ4 frames; needs {@code at.yawk.lz4:lz4-java}. */
    LZ4(3),
    /** Zstandard (KIP-110); needs {@code com.github.luben:zstd-jni}. */
    ZSTD(4);

    private static final CompressionType[] BY_ID = values();

    private final int id;

    CompressionType(int id) {
        this.id = id;
    }

    /** The type with an id, or null if there is none. */
    public static @Nullable CompressionType forId(int id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    /** The id in a batch's attributes. */
    public int id() {
        return id;
    }

    /** The name as configurations write it: {@code zstd}. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
