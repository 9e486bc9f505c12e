package dev.kafkaboot.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Records prepared beforehand: JSON-like lines of an exact size, and keys; the same for every run. */
public final class Payloads {

    private static final int COUNT = 4096;
    private static final String[] CITIES = {"Oslo", "Lyon", "Porto", "Turin", "Ghent", "Graz", "Malmo", "Brno"};

    private final byte[][] values = new byte[COUNT][];
    private final byte[][] keys = new byte[COUNT][];

    /** Values of a size. */
    public Payloads(int size) {
        Random random = new Random(42);
        for (int i = 0; i < COUNT; i++) {
            values[i] = line(random, size);
            keys[i] = String.format("order-%08d", random.nextInt(100_000_000)).getBytes(StandardCharsets.US_ASCII);
        }
    }

    private static byte[] line(Random random, int size) {
        StringBuilder line = new StringBuilder(size + 64);
        while (line.length() < size) {
            line.append("{\"id\":").append(random.nextInt(1_000_000_000)).append(",\"city\":\"").append(CITIES[random.nextInt(CITIES.length)])
                    .append("\",\"cents\":").append(random.nextInt(100_000)).append(",\"ok\":").append(random.nextBoolean()).append('}');
        }
        line.setLength(size);
        return line.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** One of the values. */
    public byte[] value(long index) {
        return values[(int) (index & (COUNT - 1))];
    }

    /** One of the keys, or null if there is to be none. */
    public byte @Nullable [] key(long index, boolean keyed) {
        return keyed ? keys[(int) (index & (COUNT - 1))] : null;
    }
}
