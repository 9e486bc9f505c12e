package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ApiKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which API versions the brokers of a Kafka release offer: one line of {@code api-versions.txt}. */
final class Releases {

    private static final String TABLE = "api-versions.txt";

    private Releases() {}

    /** Versions of one API, both ends included. */
    record Range(short lowest, short highest) {

        boolean holds(short version) {
            return version >= lowest && version <= highest;
        }
    }

    /**
     * The ranges by the APIs' numbers.
     *
     * @param release such as {@code 2.8}
     * @throws IllegalArgumentException if it is not in the table; the message names those that are
     */
    static Map<Short, Range> of(String release) {
        Map<String, String> lines = lines();
        String line = lines.get(release);
        if (line == null) {
            throw new IllegalArgumentException("No API versions are known of Kafka '" + release + "', only of " + lines.keySet());
        }
        Map<Short, Range> ranges = new TreeMap<>();
        for (String entry : line.split(" ", -1)) {
            int colon = entry.indexOf(':');
            int dash = entry.indexOf('-');
            ranges.put(
                    Short.valueOf(entry.substring(0, colon)),
                    new Range(Short.parseShort(entry.substring(colon + 1, dash)), Short.parseShort(entry.substring(dash + 1))));
        }
        return ranges;
    }

    /** Whether a release is one or a later one. */
    static boolean isAtLeast(String release, int major, int minor) {
        String[] parts = release.split("\\.", -1);
        int actualMajor = Integer.parseInt(parts[0]);
        int actualMinor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        return actualMajor > major || actualMajor == major && actualMinor >= minor;
    }

    /** The releases of the table, oldest first. */
    static Iterable<String> all() {
        return lines().keySet();
    }

    /** What this library can read and write as well, of what a release offers; null if nothing. */
    static @Nullable Range spoken(Map<Short, Range> offered, ApiKey key) {
        Range range = offered.get(key.id());
        if (range == null || range.lowest() > key.highestVersion()) {
            return null;
        }
        return new Range(range.lowest(), (short) Math.min(range.highest(), key.highestVersion()));
    }

    private static Map<String, String> lines() {
        Map<String, String> lines = new LinkedHashMap<>();
        try (InputStream in = Releases.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException(TABLE + " is not on the class path");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int space = line.indexOf(' ');
                if (!line.startsWith("#") && space > 0) {
                    lines.put(line.substring(0, space), line.substring(space + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }
}
