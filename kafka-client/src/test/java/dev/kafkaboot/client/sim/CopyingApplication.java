package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Reads from one topic, as a member of a group, and writes what it read to another, each poll's records and their offsets in one transaction. What goes wrong
 * ends its life, and it begins another one, where the group's offsets say.
 */
final class CopyingApplication implements SimulatedProcess.Main {

    private final String from;
    private final String to;
    private final Map<String, ?> consumerConfig;
    private final Map<String, ?> producerConfig;
    private boolean calm;
    private int committed;

    CopyingApplication(String from, String to, Map<String, ?> consumerConfig, Map<String, ?> producerConfig) {
        this.from = from;
        this.to = to;
        this.consumerConfig = consumerConfig;
        this.producerConfig = producerConfig;
    }

    /** Lets it stay and be quick, from now on. */
    void calmDown() {
        calm = true;
    }

    /** How many transactions it has committed. */
    int committed() {
        return committed;
    }

    @Override
    public void run(SimulatedProcess process) {
        Simulation simulation = process.simulation();
        SplittableRandom random = simulation.newRandom();
        while (true) {
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                            .connections(process.connections()).transactionalId(process.name()).config(producerConfig).build();
                    KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                            .connections(process.connections()).groupId("from-" + from).config(consumerConfig)
                            .config(Map.of("isolation.level", "read_committed", "auto.offset.reset", "earliest", "enable.auto.commit", false)).build()) {
                consumer.subscribe(List.of(from));
                while (calm || random.nextInt(60) > 0) {
                    copy(consumer, producer, random, simulation);
                }
            } catch (KafkaException failure) {
                simulation.log(process.name(), "begins anew, because " + failure);
            }
            simulation.sleep(Duration.ofMillis(random.nextLong(2_000)));
        }
    }

    private void copy(KafkaConsumer<String, String> consumer, KafkaProducer<String, String> producer, SplittableRandom random, Simulation simulation) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(500));
        if (records.isEmpty()) {
            return;
        }
        producer.inTransaction(transaction -> {
            Map<TopicPartition, OffsetAndMetadata> offsets = new TreeMap<>();
            for (ConsumerRecord<String, String> record : records) {
                transaction.send(new ProducerRecord<>(to, record.key(), record.value()));
                offsets.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
            }
            if (!calm && random.nextInt(5) == 0) {
                simulation.sleep(Duration.ofMillis(random.nextLong(8_000)));
            }
            transaction.sendOffsets(offsets, records.groupMetadata());
        });
        committed++;
    }
}
