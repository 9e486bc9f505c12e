package dev.kafkaboot.client.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.admin.NewTopic;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.fake.FakeKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of client does its work with brokers of each release from the oldest that is supported on, as far as the versions of their messages go. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryReleaseTest {

    /** Those whose brokers cannot tell whether a member still owns what it commits (KIP-447). */
    private static final Set<String> BEFORE_MEMBERS = Set.of("2.1", "2.2", "2.3", "2.4");

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final EventLoop loop = EventLoop.start("every-release");

    @AfterAll
    void close() {
        loop.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "4.0",
            "4.1", "4.2", "4.3", "4.4"})
    void recordsAreSentReadInAGroupAndPassedOnInATransaction(String release) {
        try (FakeKafkaServer kafka = FakeKafkaServer.start(FakeKafka.builder().release(release));
                ConnectionManager net = ConnectionManager.create(
                        ClientConfig.of(CommonConfig.KEYS, Map.of("bootstrap.servers", kafka.bootstrapServers())), loop)) {
            createTopics(net);
            send(net);

            passOn(net, BEFORE_MEMBERS.contains(release));

            assertThat(readCommitted(net, "invoices", "readers", 3)).containsExactly("invoice of order 0", "invoice of order 1", "invoice of order 2");
        }
    }

    private static void createTopics(ConnectionManager net) {
        try (KafkaAdminClient admin = KafkaAdminClient.builder().connections(net).build()) {
            admin.topics().create(NewTopic.of("orders").partitions(1), NewTopic.of("invoices").partitions(1)).join();

            assertThat(admin.topics().describe(List.of("orders", "invoices")).join()).hasSize(2);
        }
    }

    private static void send(ConnectionManager net) {
        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string()).connections(net).build()) {
            for (int i = 0; i < 3; i++) {
                assertThat(producer.send("orders", "key", "order " + i).join().offset()).isEqualTo(i);
            }
        }
    }

    private static KafkaConsumer<String, String> consumer(ConnectionManager net, String group) {
        return KafkaConsumer.builder(Serializers.string(), Serializers.string()).connections(net).groupId(group)
                .config(Map.of("auto.offset.reset", "earliest", "isolation.level", "read_committed", "enable.auto.commit", "false")).build();
    }

    /** Reads orders and writes an invoice for each, exactly once. */
    private static void passOn(ConnectionManager net, boolean asGroupAlone) {
        try (KafkaConsumer<String, String> consumer = consumer(net, "billing");
                KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                        .connections(net).transactionalId("billing-1").build()) {
            consumer.subscribe(List.of("orders"));
            long done = 0;
            while (done < 3) {
                ConsumerRecords<String, String> orders = consumer.poll(LIMIT);
                long next = done + orders.count();
                ConsumerGroupMetadata member = asGroupAlone ? new ConsumerGroupMetadata("billing", -1, "", null) : orders.groupMetadata();
                producer.inTransaction(transaction -> {
                    for (ConsumerRecord<String, String> order : orders) {
                        transaction.send("invoices", order.key(), "invoice of " + order.value());
                    }
                    transaction.sendOffsets(Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(next)), member);
                });
                done = next;
            }
            TopicPartition partition = new TopicPartition("orders", 0);
            assertThat(consumer.committed(Set.of(partition)).get(partition)).extracting(OffsetAndMetadata::offset).isEqualTo(3L);
        }
    }

    private static List<String> readCommitted(ConnectionManager net, String topic, String group, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(net, group)) {
            consumer.subscribe(List.of(topic));
            while (values.size() < count) {
                consumer.poll(LIMIT).forEach(record -> values.add(record.value()));
            }
            consumer.commit();
        }
        return values;
    }
}
