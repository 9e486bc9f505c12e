package dev.kafkaboot.spring.listener;

import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that a listener waits for in vain, with the reason that the cluster gives.
 *
 * <p>Being a member without partitions looks the same whether others have them all or there is no such topic. So what the metadata says of each topic is looked at
 * now and then. A topic that is not there yet is a problem only if it stays away for a while. Written by the polling thread, read by any.
 */
final class TopicProblems {

    private static final Logger logger = LoggerFactory.getLogger(TopicProblems.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String listenerId;
    private final List<String> topics;
    private final Function<String, @Nullable ErrorCode> errorOf;
    private final Map<String, Long> since = new HashMap<>();
    private long lastLookNanos = System.nanoTime() - PAUSE.toNanos();
    private volatile Map<String, ErrorCode> problems = Map.of();

    /**
     * No problems yet.
     *
     * @param errorOf what the cluster says of a topic: NONE, an error, or null if nothing is known
     */
    TopicProblems(String listenerId, List<String> topics, Function<String, @Nullable ErrorCode> errorOf) {
        this.listenerId = listenerId;
        this.topics = topics;
        this.errorOf = errorOf;
    }

    /** Looks, if it is time to. */
    void look() {
        long now = System.nanoTime();
        if (now - lastLookNanos < PAUSE.toNanos()) {
            return;
        }
        lastLookNanos = now;
        Map<String, ErrorCode> found = new TreeMap<>();
        for (String topic : topics) {
            ErrorCode error = errorOf.apply(topic);
            if (error == null || error == ErrorCode.NONE) {
                since.remove(topic);
            } else if (!error.isRetriable() || now - since.computeIfAbsent(topic, each -> now) >= PATIENCE.toNanos()) {
                found.put(topic, error);
            }
        }
        Map<String, ErrorCode> before = problems;
        problems = found;
        found.forEach((topic, error) -> {
            if (before.get(topic) != error) {
                logger.warn("Listener '{}' gets nothing of topic '{}': {}", listenerId, topic, text(error));
            }
        });
        before.keySet().stream().filter(topic -> !found.containsKey(topic)).forEach(topic -> logger.info(
                "Listener '{}' need not wait for topic '{}' any longer", listenerId, topic));
    }

    private static String text(ErrorCode error) {
        return error + " (" + error.message() + ")";
    }

    /** The reasons by topic; empty if there is no problem. */
    Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        problems.forEach((topic, error) -> reasons.put(topic, text(error)));
        return reasons;
    }

    /** Whether one of them is not going to pass: the name is not allowed, or the user may not read it. */
    boolean isOneForGood() {
        return problems.values().stream().anyMatch(error -> !error.isRetriable());
    }
}
