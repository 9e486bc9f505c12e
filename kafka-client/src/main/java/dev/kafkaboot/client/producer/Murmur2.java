package dev.kafkaboot.client.producer;

/** The hash by which Kafka's Java clients choose the partition of a key; every client that keeps keys together across languages has it. */
final class Murmur2 {

    private static final int SEED = 0x9747b28c;
    private static final int MIX = 0x5bd1e995;

    private Murmur2() {}

    /** The partition of a key. */
    static int partition(byte[] key, int partitionCount) {
        return (hash(key) & 0x7fffffff) % partitionCount;
    }

    static int hash(byte[] data) {
        int length = data.length;
        int hash = SEED ^ length;
        int words = length >> 2;
        for (int i = 0; i < words; i++) {
            int at = i << 2;
            int word = (data[at] & 0xff) | (data[at + 1] & 0xff) << 8 | (data[at + 2] & 0xff) << 16 | data[at + 3] << 24;
            word *= MIX;
            word ^= word >>> 24;
            hash = hash * MIX ^ word * MIX;
        }
        int tail = length & ~3;
        if (tail < length) {
            for (int i = length - 1; i >= tail; i--) {
                hash ^= (data[i] & 0xff) << (i - tail << 3);
            }
            hash *= MIX;
        }
        hash = (hash ^ hash >>> 13) * MIX;
        return hash ^ hash >>> 15;
    }
}
