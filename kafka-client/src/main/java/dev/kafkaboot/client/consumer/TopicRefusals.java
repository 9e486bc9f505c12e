package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.InvalidTopicException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the topics that a subscription names the cluster refuses: nobody would be assigned anything of them, and nobody would be told. Any thread.
 *
 * <p>Each is told by one poll when it begins, so that the others are read on. A topic that is not there may come, and is only warned of.
 */
final class TopicRefusals {

    private static final Logger LOG = LoggerFactory.getLogger(TopicRefusals.class);

    private final Supplier<Set<String>> subscribed;
    private final Runnable onChange;
    private final Map<String, ErrorCode> known = new TreeMap<>();
    private final Deque<Refusal> untold = new ArrayDeque<>();

    /** A topic, and what a poll throws about it. */
    private record Refusal(String topic, KafkaException reason) {}

    /**
     * None.
     *
     * @param subscribed the names that are subscribed to now; nothing is told of others
     * @param onChange called when there is something to tell
     */
    TopicRefusals(Supplier<Set<String>> subscribed, Runnable onChange) {
        this.subscribed = subscribed;
        this.onChange = onChange;
    }

    /** Looks for them. */
    void look(ClusterSnapshot cluster) {
        if (find(subscribed.get(), cluster)) {
            onChange.run();
        }
    }

    private synchronized boolean find(Set<String> names, ClusterSnapshot cluster) {
        known.keySet().retainAll(names);
        untold.removeIf(refusal -> !names.contains(refusal.topic));
        boolean found = false;
        for (String name : names) {
            TopicInfo topic = cluster.topic(name);
            ErrorCode error = topic == null ? ErrorCode.NONE : topic.error();
            if (error == ErrorCode.NONE) {
                known.remove(name);
            } else if (known.put(name, error) != error) {
                LOG.warn("Nothing is read of topic '{}', which is subscribed to: {}", name, error);
                if (!error.isRetriable()) {
                    untold.add(new Refusal(name, reason(name, error)));
                    found = true;
                }
            }
        }
        return found;
    }

    private static KafkaException reason(String name, ErrorCode error) {
        BrokerException answer = new BrokerException("topic '" + name + "', which is subscribed to", error, ApiKey.METADATA, null, null);
        return error == ErrorCode.INVALID_TOPIC_EXCEPTION
                ? new InvalidTopicException("The cluster does not allow the name of topic '" + name + "', which is subscribed to", answer)
                : answer;
    }

    /** Whether there is something that no poll has told yet. */
    synchronized boolean isNew() {
        return !untold.isEmpty();
    }

    /** Throws what no poll has told yet, unless the topic is not subscribed to any more. */
    void throwIfNew() {
        KafkaException next = next(subscribed.get());
        if (next != null) {
            throw KafkaException.forCaller(next);
        }
    }

    private synchronized @Nullable KafkaException next(Set<String> names) {
        Refusal next = untold.poll();
        while (next != null && !names.contains(next.topic)) {
            known.remove(next.topic); // who subscribes to it again is told
            next = untold.poll();
        }
        return next == null ? null : next.reason;
    }
}
