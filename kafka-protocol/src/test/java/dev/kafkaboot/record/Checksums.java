package dev.kafkaboot.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** Makes the checksums of batches right, so that what lies behind them can be attacked. */
final class Checksums {

    /** Where the checksum of a message of version 0 or 1 is. */
    private static final int LEGACY_CRC = 12;

    private Checksums() {}

    /** Writes the checksums of all whole batches into an array. */
    static void fix(byte[] batches) {
        int start = 0;
        while (batches.length - start > BatchLayout.MAGIC) {
            int length = ByteBuffer.wrap(batches).getInt(start + BatchLayout.LENGTH);
            if (length < 0 || length > batches.length - start - BatchLayout.LOG_OVERHEAD) {
                return;
            }
            int end = start + BatchLayout.LOG_OVERHEAD + length;
            fix(batches, start, end);
            start = end;
        }
    }

    private static void fix(byte[] bytes, int start, int end) {
        if (bytes[start + BatchLayout.MAGIC] < BatchLayout.MAGIC_V2) {
            put(bytes, start + LEGACY_CRC, new CRC32(), start + BatchLayout.MAGIC, end);
        } else {
            put(bytes, start + BatchLayout.CRC, new CRC32C(), start + BatchLayout.ATTRIBUTES, end);
        }
    }

    private static void put(byte[] bytes, int at, Checksum checksum, int from, int to) {
        if (from < to) {
            checksum.update(bytes, from, to - from);
            ByteBuffer.wrap(bytes).putInt(at, (int) checksum.getValue());
        }
    }
}
