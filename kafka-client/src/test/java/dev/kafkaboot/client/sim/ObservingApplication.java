package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.history.ClientProcess;
import dev.kafkaboot.test.history.CommittedInvocation;
import dev.kafkaboot.test.history.History;
import dev.kafkaboot.test.history.PartitionId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Asks again and again what a group has committed, and records it; so that what members commit unasked is seen too. */
final class ObservingApplication implements SimulatedProcess.Main {

    private final History history;
    private final String topic;
    private final int partitions;
    private final String group;
    private boolean stopped;

    ObservingApplication(History history, String topic, int partitions, String group) {
        this.history = history;
        this.topic = topic;
        this.partitions = partitions;
        this.group = group;
    }

    /** Lets it ask no more. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run(SimulatedProcess process) {
        SplittableRandom random = process.simulation().newRandom();
        ClientProcess client = history.process(process.name(), group);
        process.onCrash(client::crash);
        Set<TopicPartition> all = new LinkedHashSet<>();
        for (int i = 0; i < partitions; i++) {
            all.add(new TopicPartition(topic, i));
        }
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                .connections(process.connections())
                .groupId(group)
                .build()) {
            while (!stopped) {
                ask(consumer, client, all);
                process.simulation().sleep(Duration.ofMillis(random.nextLong(1_000)));
            }
        }
    }

    private static void ask(KafkaConsumer<byte[], byte[]> consumer, ClientProcess client, Set<TopicPartition> all) {
        CommittedInvocation question = client.committedOffsets(all.stream().map(each -> new PartitionId(each.topic(), each.partition())).toList());
        try {
            Map<PartitionId, Long> answer = new TreeMap<>();
            consumer.committed(all).forEach((partition, offset) -> answer.put(new PartitionId(partition.topic(), partition.partition()), offset.offset()));
            question.ok(answer);
        } catch (KafkaException failure) {
            question.failed(failure, ClientFailures::read);
        }
    }
}
