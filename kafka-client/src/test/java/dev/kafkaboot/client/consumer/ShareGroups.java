package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;

/** Share groups on a real broker, and what tests do with their members. A group has the name of its topic. */
final class ShareGroups {

    private final RealKafka kafka;

    ShareGroups(RealKafka kafka) {
        this.kafka = kafka;
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** Makes a topic and a group that begins at its first record. */
    void create(String topic, int partitions) {
        kafka.createTopic(topic, partitions);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, topic);
            Collection<AlterConfigOp> earliest =
                    List.of(new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET));
            admin.incrementalAlterConfigs(Map.of(group, earliest)).all().get();
        } catch (Exception failure) {
            throw new AssertionError("the group could not be configured", failure);
        }
    }

    /** Writes records, to the partitions in turn; each has its value as its key. */
    void write(String topic, int partitions, List<String> values) {
        write(topic, partitions, values, Map.of());
    }

    void write(String topic, int partitions, List<String> values, Map<String, Object> config) {
        Map<String, Object> all = new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        all.putAll(config);
        boolean transactional = config.containsKey("transactional.id");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(all, new StringSerializer(), new StringSerializer())) {
            if (transactional) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            for (int i = 0; i < values.size(); i++) {
                producer.send(new ProducerRecord<>(topic, i % partitions, values.get(i), values.get(i)));
            }
            if (transactional) {
                producer.commitTransaction();
            }
        }
    }

    ShareConsumerBuilder<String, String> member(String topic, ShareAcknowledgementMode mode) {
        return KafkaShareConsumer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers()).groupId(topic).acknowledgementMode(mode);
    }

    KafkaShareConsumer<String, String> implicit(String topic) {
        return subscribed(member(topic, ShareAcknowledgementMode.IMPLICIT), topic);
    }

    KafkaShareConsumer<String, String> explicit(String topic) {
        return subscribed(member(topic, ShareAcknowledgementMode.EXPLICIT), topic);
    }

    static KafkaShareConsumer<String, String> subscribed(ShareConsumerBuilder<String, String> builder, String topic) {
        KafkaShareConsumer<String, String> consumer = builder.build();
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    /** Polls until records come. */
    static List<ConsumerRecord<String, String>> poll(KafkaShareConsumer<String, String> consumer) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofSeconds(60));
        assertThat(records.isEmpty()).as("nothing came").isFalse();
        List<ConsumerRecord<String, String>> list = new ArrayList<>();
        records.forEach(list::add);
        return list;
    }

    /** Polls until so many records came, in a group that accepts implicitly. */
    static List<String> read(KafkaShareConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        while (values.size() < count) {
            poll(consumer).forEach(record -> values.add(record.value()));
        }
        return values;
    }

    /** Polls until something is true. */
    static void pollUntil(KafkaShareConsumer<String, String> consumer, BooleanSupplier until) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!until.getAsBoolean()) {
            assertThat(System.nanoTime()).as("polled long enough").isLessThan(deadline);
            consumer.poll(Duration.ofMillis(20));
        }
    }

    static List<String> values(List<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).collect(Collectors.toList());
    }

    /** Commits; every broker must have taken what was acknowledged. */
    static void commit(KafkaShareConsumer<String, String> consumer) {
        assertThat(consumer.commit()).isNotEmpty().allSatisfy((partition, failure) -> assertThat(failure).isEqualTo(Optional.empty()));
    }
}
