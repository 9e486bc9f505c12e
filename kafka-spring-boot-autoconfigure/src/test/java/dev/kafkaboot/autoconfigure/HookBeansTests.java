package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.autoconfigure.metrics.KafkaMetricsAutoConfiguration;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.AsyncConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerListener;
import dev.kafkaboot.client.consumer.PartitionAssignor;
import dev.kafkaboot.client.producer.Partitioner;
import dev.kafkaboot.client.producer.ProducerListener;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.test.FakeKafkaServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Beans that see and steer what clients do are theirs without a word. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class HookBeansTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static FakeKafkaServer kafka;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class, KafkaMetricsAutoConfiguration.class))
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withBean(KafkaConnectionDetails.class, () -> () -> List.of(kafka.bootstrapServers()))
            .withPropertyValues("kafka.consumer.auto-offset-reset=earliest", "kafka.producer.value-serializer=string",
                    "kafka.consumer.value-deserializer=string");

    @BeforeAll
    static void start() {
        kafka = FakeKafkaServer.start();
        kafka.createTopic("orders", 1);
        kafka.tell(cluster -> cluster.log("orders", 0).append("key", "value"));
    }

    @AfterAll
    static void close() {
        kafka.close();
    }

    /** Prepares something for a partition, and tells of it when it is there. */
    static class Preparing implements AsyncConsumerRebalanceListener {

        final List<String> heard = new CopyOnWriteArrayList<>();
        final CompletableFuture<Void> prepared = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onPartitionsAssigned(Collection<TopicPartition> partitions) {
            heard.add("assigned " + partitions);
            return prepared;
        }

        @Override
        public CompletionStage<?> onPartitionsRevoked(Collection<TopicPartition> partitions) {
            heard.add("revoked " + partitions);
            return CompletableFuture.failedFuture(new IllegalStateException("cannot be put away"));
        }
    }

    static class Reading {

        final List<Boolean> got = new CopyOnWriteArrayList<>();
        private final Preparing preparing;

        Reading(Preparing preparing) {
            this.preparing = preparing;
        }

        @KafkaListener(id = "prepared", topics = "orders")
        void listen(String value) {
            got.add(preparing.prepared.isDone());
        }
    }

    @Test
    void rebalanceWaitsForTheStagesOfAsynchronousListenerBeans(CapturedOutput output) {
        runner.withBean(Preparing.class).withBean(Reading.class).run(context -> {
            Preparing preparing = context.getBean(Preparing.class);
            await().atMost(SOON).until(() -> preparing.heard.equals(List.of("assigned [orders-0]")));

            preparing.prepared.complete(null);

            List<Boolean> got = context.getBean(Reading.class).got;
            await().atMost(SOON).until(() -> !got.isEmpty());
            assertThat(got).as("whether it was prepared when the record came").containsOnly(true);
            context.getBean(KafkaListenerEndpointRegistry.class).stop();
            assertThat(preparing.heard).containsExactly("assigned [orders-0]", "revoked [orders-0]");
        });

        assertThat(output).containsOnlyOnce("The rebalance listener " + Preparing.class.getName() + " failed for listener 'prepared'")
                .contains("onPartitionsRevoked failed: java.lang.IllegalStateException: cannot be put away");
    }

    static class Plain {

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "plain", topics = "orders")
        void listen(String value) {
            got.add(value);
        }
    }

    @Test
    void listenerBeansOfClientsHearWhatHappensBesideTheMeters() {
        List<String> heard = new CopyOnWriteArrayList<>();
        runner.withBean(Plain.class)
                .withBean(ConsumerListener.class, () -> new ConsumerListener() {
                    @Override
                    public void handedOut(TopicPartition partition, int records, long bytes, long lag) {
                        heard.add("read of " + partition.topic());
                    }
                })
                .withBean(ProducerListener.class, () -> new ProducerListener() {
                    @Override
                    public void batchAcknowledged(TopicPartition partition, int records, Duration socket, Duration broker) {
                        heard.add("sent to " + partition.topic());
                    }
                })
                .run(context -> {
                    @SuppressWarnings("unchecked")
                    KafkaTemplate<String, String> template = context.getBean(KafkaTemplate.class);
                    template.send("orders", "another").get(30, TimeUnit.SECONDS);

                    await().atMost(SOON).until(() -> heard.contains("read of orders") && heard.contains("sent to orders"));
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    assertThat(meters.get("kafka.consumer.records").tag("topic", "orders").counter().count()).isPositive();
                    assertThat(meters.get("kafka.producer.records").tags("topic", "orders", "result", "success").counter().count()).isPositive();
                });
    }

    /** Gives everything to the member whose id comes first. */
    private record ToTheFirst(List<String> asked) implements PartitionAssignor {

        @Override
        public String name() {
            return "to-the-first";
        }

        @Override
        public boolean isCooperative() {
            return false;
        }

        @Override
        public Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts) {
            asked.add(String.join(",", partitionCounts.keySet()));
            Map<String, List<TopicPartition>> shares = new LinkedHashMap<>();
            members.keySet().stream().sorted().forEach(member -> shares.put(member, shares.isEmpty() ? all(partitionCounts) : List.of()));
            return shares;
        }

        private static List<TopicPartition> all(Map<String, Integer> partitionCounts) {
            List<TopicPartition> all = new ArrayList<>();
            partitionCounts.forEach((topic, count) -> {
                for (int i = 0; i < count; i++) {
                    all.add(new TopicPartition(topic, i));
                }
            });
            return all;
        }
    }

    @Test
    void assignorBeanDistributesThePartitions() {
        List<String> asked = new CopyOnWriteArrayList<>();
        runner.withBean(Plain.class)
                .withBean("own", PartitionAssignor.class, () -> new ToTheFirst(asked), bean -> bean.setScope(BeanDefinition.SCOPE_PROTOTYPE))
                .run(context -> await().atMost(SOON).until(() -> asked.contains("orders")));
    }

    @Test
    void ofSeveralPartitionersWithoutAPrimaryOneNoneIsUsedAndTheLogSaysSo(CapturedOutput output) {
        Partitioner first = (topic, key, value, partitions) -> 0;
        runner.withBean("one", Partitioner.class, () -> first).withBean("two", Partitioner.class, () -> first)
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output).containsOnlyOnce("There are several Partitioner beans and none of them is @Primary");
    }
}
