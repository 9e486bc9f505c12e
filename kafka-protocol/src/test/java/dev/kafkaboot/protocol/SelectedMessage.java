package dev.kafkaboot.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the input of a fuzz test is about: three bytes choose a message, one chooses a version, and the rest is what is read.
 *
 * <p>Messages are chosen by the hashes of their names, the next one above the three bytes; so an input means the same with a newer Kafka, which has more.
 */
record SelectedMessage(Class<?> ours, Class<?> theirs, short version, byte[] body) {

    private static final int SELECTOR = 4;

    private static final TreeMap<Integer, Pair> PAIRS = pairs();

    private record Pair(Class<?> ours, Class<?> theirs, short lowestVersion, short highestVersion) {}

    private static TreeMap<Integer, Pair> pairs() {
        TreeMap<Integer, Pair> pairs = new TreeMap<>();
        try {
            for (String name : MessagePairs.names()) {
                Class<?> ours = MessagePairs.ourClass(name);
                Message sample = MessagePairs.newOurs(ours);
                Pair pair = new Pair(ours, MessagePairs.theirClass(name), sample.lowestSupportedVersion(), sample.highestSupportedVersion());
                if (pairs.put(hash(name), pair) != null) {
                    throw new AssertionError("Two messages have the hash of " + name);
                }
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return pairs;
    }

    private static int hash(String name) {
        return name.hashCode() & 0xff_ffff;
    }

    /** What an input chooses; null if it is too short. */
    static @Nullable SelectedMessage of(byte[] input) {
        if (input.length < SELECTOR) {
            return null;
        }
        int selector = ByteBuffer.wrap(input).getInt();
        var entry = PAIRS.ceilingEntry(selector >>> 8);
        Pair pair = (entry == null ? PAIRS.firstEntry() : entry).getValue();
        int version = selector & 0xff;
        if (version < pair.lowestVersion || version > pair.highestVersion) {
            version = pair.lowestVersion + version % (pair.highestVersion - pair.lowestVersion + 1);
        }
        return new SelectedMessage(pair.ours, pair.theirs, (short) version, Arrays.copyOfRange(input, SELECTOR, input.length));
    }

    /** The input that chooses a message and a version. */
    static byte[] input(String name, short version, byte[] body) {
        return ByteBuffer.allocate(SELECTOR + body.length).putInt(hash(name) << 8 | version).put(body).array();
    }

    @Override
    public String toString() {
        return ours.getSimpleName() + " version " + version + " in " + body.length + " bytes";
    }
}
