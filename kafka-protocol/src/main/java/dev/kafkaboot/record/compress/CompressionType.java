package dev.kafkaboot.record.compress;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The ways in which the records of a batch can be compressed. */
public enum CompressionType {
    /** Not at all. */
    NONE(0, null),
    /** Deflate in a gzip envelope; part of the JDK. */
    GZIP(1, null),
    /** Snappy in the framing of snappy-java; needs {@code org.xerial.snappy:snappy-java}. */
    SNAPPY(2, "org.xerial.snappy:snappy-java"),
    /** LZ4 frames; needs {@code at.yawk.lz4:lz4-java}. */
    LZ4(3, "at.yawk.lz4:lz4-java"),
    /** Zstandard (KIP-110); needs {@code com.github.luben:zstd-jni}. */
    ZSTD(4, "com.github.luben:zstd-jni");

    private static final CompressionType[] BY_ID = values();

    private final int id;
    private final @Nullable String artifact;

    CompressionType(int id, @Nullable String artifact) {
        this.id = id;
        this.artifact = artifact;
    }

    /** The type with an id, or null if there is none. */
    public static @Nullable CompressionType forId(int id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    /**
     * The type with a name.
     *
     * @param name as configurations write it, in any case
     * @throws IllegalArgumentException if there is no such type
     */
    public static CompressionType forName(String name) {
        for (CompressionType type : BY_ID) {
            if (type.name().equalsIgnoreCase(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException("There is no compression '" + name + "'; there are "
                + Arrays.stream(BY_ID).map(CompressionType::configName).collect(Collectors.joining(", ")));
    }

    /** The id in a batch's attributes. */
    public int id() {
        return id;
    }

    /** The name as configurations write it: {@code zstd}. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Runs what needs the type's library.
     *
     * @throws MissingCodecException if the library is not there or does not run here
     */
    <T> T needingLibrary(Supplier<T> use) {
        try {
            return use.get();
        } catch (LinkageError missing) {
            throw new MissingCodecException(this, artifact == null ? "the JDK's own" : artifact, missing);
        }
    }
}
