package dev.kafkaboot.client.faults;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Copies with this client, at least once: commits what it has read when what it has written is acknowledged. */
final class CommittingCopying implements Copying {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final String to;
    private final StageProgress.Reading reading;
    private final ConnectionManager connections;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Begins with it; the group is that of the topic which is read. */
    CommittingCopying(String servers, String from, String to, Map<String, ?> group, StageProgress.Reading reading) {
        this.to = to;
        this.reading = reading;
        connections = ConnectionManager.connect(servers);
        producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes()).connections(connections).build();
        consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes()).connections(connections).groupId(from).autoCommit(false)
                .config("auto.offset.reset", "earliest").config(group).build();
        consumer.subscribe(List.of(from), reading);
    }

    @Override
    public int partitions() {
        return consumer.assignment().size();
    }

    @Override
    public void copy(Runnable beforeTheCommit) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
        if (records.isEmpty()) {
            return;
        }
        reading.read(records);
        List<CompletableFuture<RecordMetadata>> acknowledgements = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            acknowledgements.add(producer.send(to, record.key(), record.value()));
        }
        producer.flush();
        acknowledgements.forEach(CommittingCopying::check);
        reading.finish(records);
        beforeTheCommit.run();
        try {
            consumer.commit();
        } catch (KafkaException failure) {
            // the next commit says it too if the partitions are still this member's, and if they are not, their owner reads this again
        }
    }

    private static void check(CompletableFuture<RecordMetadata> acknowledgement) {
        try {
            acknowledgement.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof KafkaException cause ? cause : failure;
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_LIMIT);
        consumer.close(CLOSE_LIMIT);
        connections.close();
    }
}
