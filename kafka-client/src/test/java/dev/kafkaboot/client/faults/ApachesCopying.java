package dev.kafkaboot.client.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** With Apache's client. */
final class ApachesCopying implements Copying {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final String name;
    private final Stage stage;
    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> consumer;

    ApachesCopying(String servers, String name, Stage stage) {
        this.name = name;
        this.stage = stage;
        Map<String, Object> consumerConfig = stage.consumerConfig(servers);
        consumerConfig.put("partition.assignment.strategy", List.of(stage.apachesAssignor()));
        producer = new KafkaProducer<>(Stage.producerConfig(servers, name), new StringSerializer(), new StringSerializer());
        consumer = new KafkaConsumer<>(consumerConfig, new StringDeserializer(), new StringDeserializer());
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
        ConsumerGroupMetadata member = consumer.groupMetadata();
        if (records.isEmpty()) {
            return;
        }
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<String, String> record : records) {
            producer.send(new ProducerRecord<>(stage.to(), record.key(), record.value() + " by " + name));
            offsets.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, member);
        producer.flush();
        beforeTheCommit.run();
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close(CLOSE_LIMIT);
        consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
    }
}
