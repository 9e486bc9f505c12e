package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An application with many consumers on one loop, which all rebalance at once. */
class ManyListenersTest {

    private static final TopicPartition FIRST = new TopicPartition(GroupRun.TOPIC, 0);
    private static final int CONSUMERS = 30;

    /** They waited for each other: each commit was told behind the calls of the listeners that came after it, a quarter of a second each. */
    @Test
    void listenersThatCommitDelayNeitherEachOtherNorWhatIsSentMeanwhile() {
        GroupRun.of(run -> {
            List<KafkaConsumer<String, String>> consumers = new ArrayList<>();
            List<Long> revoked = new ArrayList<>();
            for (int i = 0; i < CONSUMERS; i++) {
                KafkaConsumer<String, String> consumer = run.builder().groupProtocol(GroupProtocol.CLASSIC).groupId("group-" + i).build();
                consumers.add(consumer);
                consumer.subscribe(List.of(GroupRun.TOPIC), new ConsumerRebalanceListener() {
                    @Override
                    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                        consumer.commit(Map.of(FIRST, new OffsetAndMetadata(7)));
                        revoked.add(run.simulation().nowNanos());
                    }
                });
            }
            for (KafkaConsumer<String, String> consumer : consumers) {
                GroupRun.pollUntil(() -> consumer.assignment().size() == 2, consumer);
            }
            try (KafkaProducer<String, String> producer =
                    KafkaProducer.builder(Serializers.string(), Serializers.string()).connections(run.process().connections()).build()) {
                run.simulation().await(producer.send(GroupRun.TOPIC, "k", "the first finds the topic"), Duration.ofSeconds(10));

                long begun = run.simulation().nowNanos();
                consumers.forEach(KafkaConsumer::enforceRebalance);
                run.simulation().sleep(Duration.ofMillis(100));
                CompletableFuture<Long> sent = producer.send(GroupRun.TOPIC, "k", "meanwhile").thenApply(done -> run.simulation().nowNanos());
                run.simulation().sleep(Duration.ofSeconds(20));

                assertThat(revoked).hasSize(CONSUMERS).allSatisfy(at -> assertThat(Duration.ofNanos(at - begun)).isLessThan(Duration.ofSeconds(1)));
                assertThat(sent).isCompleted();
                assertThat(Duration.ofNanos(sent.join() - begun)).isLessThan(Duration.ofSeconds(1));
            }
            consumers.forEach(KafkaConsumer::close);
        });
    }
}
