package dev.kafkaboot.client.cluster;

import dev.kafkaboot.protocol.Uuid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which topics are asked about, by name, by id and by what they are like; counted by who wants to know and by who wants them made. On the loop only. */
final class TopicInterest {

    private final Map<String, Count> topics = new LinkedHashMap<>();
    private final Map<Uuid, Integer> ids = new LinkedHashMap<>();
    private final List<TopicFilter> filters = new ArrayList<>();

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

    /** Adds one whose name is not known; answers whether that makes a new question. */
    boolean add(Uuid id) {
        return ids.merge(id, 1, Integer::sum) == 1;
    }

    /** Takes one away. */
    void remove(Uuid id) {
        ids.computeIfPresent(id, (same, watchers) -> watchers == 1 ? null : watchers - 1);
    }

    /** Adds all that a filter accepts, which is a new question each time: of those that are not accepted so far nothing is kept. */
    void add(TopicFilter filter) {
        filters.add(filter);
    }

    /** Takes them away. */
    void remove(TopicFilter filter) {
        filters.remove(filter);
    }

    Set<String> names() {
        return topics.keySet();
    }

    Set<Uuid> ids() {
        return ids.keySet();
    }

    /** Whether the cluster is to be asked for all of its topics. */
    boolean wantsAll() {
        return !filters.isEmpty();
    }

    boolean isNamed(String topic) {
        return topics.containsKey(topic);
    }

    /** Whether anybody wants to know of a topic. */
    boolean contains(String topic, Uuid id, boolean internal) {
        return isNamed(topic) || ids.containsKey(id) || filters.stream().anyMatch(filter -> filter.accepts(topic, internal));
    }

    boolean mayCreate(String topic) {
        Count count = topics.get(topic);
        return count != null && count.creators > 0;
    }
}
