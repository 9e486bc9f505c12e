package dev.kafkaboot.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Makes the topics, fills them for reading, and counts what arrived. It is kafka-clients for both sides, so that neither judges itself. */
final class Referee implements AutoCloseable {

    /** A busy machine takes its time to make and to delete a thousand partitions. */
    private static final int PATIENCE_MILLIS = 300_000;

    private final Admin admin;
    private final String bootstrap;

    Referee(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", PATIENCE_MILLIS, "request.timeout.ms", PATIENCE_MILLIS));
    }

    void createTopic(String topic, int partitions) throws InterruptedException, ExecutionException {
        NewTopic definition = new NewTopic(topic, partitions, (short) 1).configs(Map.of("file.delete.delay.ms", "100"));
        admin.createTopics(List.of(definition)).all().get();
    }

    /** Writes a record to each partition, so that the broker has opened all of them: of a thousand, that takes it many seconds, in which it refuses some. */
    void settle(String topic, int partitions) throws InterruptedException, ExecutionException {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                sent.add(producer.send(new ProducerRecord<>(topic, partition, null, new byte[1])));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    void deleteTopic(String topic) throws InterruptedException, ExecutionException {
        admin.deleteTopics(List.of(topic)).all().get();
    }

    /** How many records a topic holds. */
    long count(String topic, int partitions) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        return admin.listOffsets(ends).all().get().values().stream().mapToLong(end -> end.offset()).sum();
    }

    /** Fills a topic with the records that a consumer will read, the first of each partition a short one, and sees that the topic has them all. */
    void fill(String topic, Scenario scenario, long records) throws InterruptedException, ExecutionException {
        settle(topic, scenario.partitions());
        Payloads payloads = new Payloads(scenario.size());
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "compression.type", scenario.codec(), "linger.ms", 5);
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = scenario.partitions(); i < records; i++) {
                producer.send(new ProducerRecord<>(topic, null, payloads.value(i)), (metadata, refused) -> {
                    if (refused != null) {
                        failure.compareAndSet(null, refused);
                    }
                });
            }
        }
        long arrived = count(topic, scenario.partitions());
        if (arrived != records) {
            throw new IllegalStateException("Topic '" + topic + "' was to have " + records + " records and has " + arrived, failure.get());
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
