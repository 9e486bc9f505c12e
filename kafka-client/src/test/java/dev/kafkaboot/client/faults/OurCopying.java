package dev.kafkaboot.client.faults;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** With this client. */
final class OurCopying implements Copying {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final String name;
    private final Stage stage;
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> consumer;

    OurCopying(String servers, String name, Stage stage) {
        this.name = name;
        this.stage = stage;
        producer = KafkaProducer.builder(Serializers.string(), Serializers.string()).config(Stage.producerConfig(servers, name)).build();
        consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string()).config(stage.consumerConfig(servers))
                .config(Map.of("partition.assignment.strategy", stage.assignor())).build();
        producer.initTransactions();
        consumer.subscribe(List.of(stage.from()));
    }

    @Override
    public int partitions() {
        return consumer.assignment().size();
    }

    @Override
    public void copy(Runnable beforeTheCommit) {
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
        ConsumerGroupMetadata member = consumer.groupMetadata(); // at once: rebalances go on meanwhile
        if (records.isEmpty()) {
            return;
        }
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new TreeMap<>();
        for (ConsumerRecord<String, String> record : records) {
            producer.send(stage.to(), record.key(), record.value() + " by " + name);
            offsets.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsets(offsets, member);
        producer.flush();
        beforeTheCommit.run();
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close(CLOSE_LIMIT);
        consumer.close(CLOSE_LIMIT);
    }
}
