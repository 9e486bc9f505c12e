package dev.kafkaboot.client.sim;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What a socket was offered and did not take. It must be offered again, unchanged: if it is not, its memory was given away before its time, and somebody
 * else's records are about to be written under this request's topic (CVE-2026-35554).
 */
final class OfferedBytes {

    private long left;
    private long checksum;

    /** Takes note of what is left after a write. */
    void keep(ByteBuffer[] sources, int offset, int length) {
        left = 0;
        for (int i = offset; i < offset + length; i++) {
            left += sources[i].remaining();
        }
        checksum = left == 0 ? 0 : checksum(sources, offset, length, left);
    }

    /** Whether what is offered begins with what was left before. */
    boolean isBeginningOf(ByteBuffer[] sources, int offset, int length) {
        return left == 0 || checksum(sources, offset, length, left) == checksum;
    }

    private static long checksum(ByteBuffer[] sources, int offset, int length, long count) {
        CRC32C crc = new CRC32C();
        long missing = count;
        for (int i = offset; i < offset + length && missing > 0; i++) {
            ByteBuffer bytes = sources[i].slice();
            bytes.limit((int) Math.min(bytes.limit(), missing));
            missing -= bytes.remaining();
            crc.update(bytes);
        }
        return missing == 0 ? crc.getValue() : -1;
    }
}
