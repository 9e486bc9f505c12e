package dev.kafkaboot.record;

/**
 * How far a compressed batch may expand, so that a small hostile one cannot fill the memory.
 *
 * @param bytes what any batch may expand to
 * @param ratio what a batch may expand to as a multiple of its compressed size, if that is more
 */
public record DecompressionLimits(long bytes, int ratio) {

    /** 64 MiB, or 64 times the input. */
    public static final DecompressionLimits DEFAULT = new DecompressionLimits(64L * 1024 * 1024, 64);

    /** The limit for a batch of a compressed size. */
    public long of(int compressedSize) {
        return Math.max(bytes, (long) compressedSize * ratio);
    }
}
