package dev.kafkaboot.client.sim;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What happened, line by line. The last lines of each actor are kept, a digest of all of them, and all of them if that is asked for.
 */
public final class EventLog {

    private static final int LINES_KEPT = 200;

    private final Map<String, ArrayDeque<String>> last = new TreeMap<>();
    private final List<String> all = new ArrayList<>();
    private boolean keepsAll;
    private long lines;
    private long digest = 0xcbf29ce484222325L;

    EventLog() {}

    /** Keeps every line from now on. */
    public void keepAll() {
        keepsAll = true;
    }

    void add(String time, String who, String what) {
        String line = time + " " + who + ": " + what;
        lines++;
        digest = (digest ^ line.hashCode()) * 0x100000001b3L;
        ArrayDeque<String> ring = last.computeIfAbsent(who, name -> new ArrayDeque<>());
        if (ring.size() == LINES_KEPT) {
            ring.poll();
        }
        ring.add(line);
        if (keepsAll) {
            all.add(line);
        }
    }

    /** Every line since {@link #keepAll()}. */
    public List<String> all() {
        return List.copyOf(all);
    }

    /** How many lines there were. */
    public long lines() {
        return lines;
    }

    /** A number that is the same for the same lines. */
    public long digest() {
        return digest;
    }

    /** Prints the last lines of each actor. */
    public void printLast(PrintStream out) {
        last.forEach((who, ring) -> {
            out.println("---- the last of " + who);
            ring.forEach(out::println);
        });
    }
}
