package dev.kafkaboot.client.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which topics are asked about, counted by who wants to know and by who wants them made. On the loop only. */
final class TopicInterest {

    private final Map<String, Count> topics = new LinkedHashMap<>();

    private static final class Count {

        private int watchers;
        private int creators;
    }

    /** Adds one; answers whether that makes a new question. */
    boolean add(String topic, boolean autoCreate) {
        Count count = topics.computeIfAbsent(topic, absent -> new Count());
        count.watchers++;
        if (autoCreate) {
            count.creators++;
        }
        return count.watchers == 1 || autoCreate && count.creators == 1;
    }

    /** Takes one away. */
    void remove(String topic, boolean autoCreate) {
        Count count = topics.get(topic);
        if (count == null) {
            return;
        }
        count.watchers--;
        if (autoCreate) {
            count.creators--;
        }
        if (count.watchers == 0) {
            topics.remove(topic);
        }
    }

    Set<String> names() {
        return topics.keySet();
    }

    boolean contains(String topic) {
        return topics.containsKey(topic);
    }

    boolean mayCreate(String topic) {
        Count count = topics.get(topic);
        return count != null && count.creators > 0;
    }
}
