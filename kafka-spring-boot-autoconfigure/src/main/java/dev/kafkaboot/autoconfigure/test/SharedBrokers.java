package dev.kafkaboot.autoconfigure.test;

import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.admin.TopicListing;
import dev.kafkaboot.test.RealKafka;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Brokers that application contexts of one test run share, by their number. Thread-safe.
 *
 * <p>The one piece of static state here, because nothing that Spring or JUnit offers lives as long as the cache of contexts does. {@link RealKafka}
 * ends its brokers with this JVM.
 */
final class SharedBrokers {

    private static final Map<Integer, SharedBrokers> BY_SIZE = new ConcurrentHashMap<>();

    private final RealKafka kafka;
    private final Set<String> known = new HashSet<>();

    private SharedBrokers(RealKafka kafka) {
        this.kafka = kafka;
    }

    static SharedBrokers ofSize(int brokers) {
        return BY_SIZE.computeIfAbsent(brokers, count -> new SharedBrokers(RealKafka.builder().brokers(count).start()));
    }

    /** The brokers, with these topics; one that is there already stays as it is. */
    synchronized RealKafka withTopics(Set<String> topics, int partitions) {
        Set<String> missing = new TreeSet<>(topics);
        missing.removeAll(known);
        if (!missing.isEmpty()) {
            missing.removeAll(existing());
            missing.forEach(topic -> kafka.createTopic(topic, partitions));
            known.addAll(topics);
        }
        return kafka;
    }

    private Set<String> existing() {
        try (KafkaAdminClient admin = KafkaAdminClient.builder().bootstrapServers(kafka.bootstrapServers()).build()) {
            return admin.topics().list().join().stream().map(TopicListing::name).collect(Collectors.toSet());
        }
    }
}
