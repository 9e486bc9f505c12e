package dev.kafkaboot.spring.listener;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records that the listener is at for longer than an application usually takes for all that a poll returns.
 *
 * <p>Polling goes on whatever the listener does, so one that hangs never costs the membership in the group, and nothing else would tell of it. Written by the
 * polling thread, read by any.
 */
final class LongRecords {

    private static final Logger logger = LoggerFactory.getLogger(LongRecords.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String listenerId;
    private final long limitNanos;
    private final Supplier<? extends Collection<AtWork>> records;
    private long lastLookNanos = System.nanoTime() - PAUSE.toNanos();
    private volatile Map<String, AtWork> found = Map.of();

    /**
     * None yet.
     *
     * @param records those that are with the listener
     */
    LongRecords(String listenerId, Duration limit, Supplier<? extends Collection<AtWork>> records) {
        this.listenerId = listenerId;
        this.limitNanos = limit.toNanos();
        this.records = records;
    }

    /** Looks, if it is time to. */
    void look() {
        long now = System.nanoTime();
        if (now - lastLookNanos < Math.min(PAUSE.toNanos(), limitNanos)) {
            return;
        }
        lastLookNanos = now;
        Map<String, AtWork> before = found;
        Map<String, AtWork> current = new TreeMap<>();
        for (AtWork atWork : records.get()) {
            if (now - atWork.sinceNanos() >= limitNanos) {
                current.put(atWork.record(), atWork);
            }
        }
        found = current;
        current.forEach((record, atWork) -> {
            if (!atWork.equals(before.get(record))) {
                logger.warn("Listener '{}' is at {} for {} s on thread {}", listenerId, record, secondsOf(atWork), atWork.thread().getName());
            }
        });
        before.forEach((record, atWork) -> {
            if (!atWork.equals(current.get(record))) {
                logger.info("Listener '{}' goes on after {}, at which it was for {} s", listenerId, record, secondsOf(atWork));
            }
        });
    }

    private static long secondsOf(AtWork atWork) {
        return Duration.ofNanos(System.nanoTime() - atWork.sinceNanos()).toSeconds();
    }

    /** How long, and on which thread, by record; empty if there is none. */
    Map<String, String> details() {
        Map<String, String> details = new TreeMap<>();
        found.forEach((record, atWork) -> details.put(record, secondsOf(atWork) + " s on thread " + atWork.thread().getName()));
        return details;
    }
}
