package dev.kafkaboot.benchmarks;

import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The producer of this project. */
final class OurProduceClient implements ProduceClient {

    /** As the other one waits for as long as it takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;

    OurProduceClient(Run run) {
        producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes()).config(Settings.producer(run)).build();
        topic = run.topic();
        if (run.scenario().transaction() > 0) {
            producer.initTransactions();
        }
    }

    @Override
    public void send(byte @Nullable [] key, byte[] value) {
        producer.send(topic, key, value);
    }

    @Override
    public void sendTimed(byte @Nullable [] key, byte[] value, Meter meter) {
        long sent = System.nanoTime();
        producer.send(topic, key, value).whenComplete((metadata, failure) -> meter.acknowledged(sent));
    }

    @Override
    public void begin() {
        producer.beginTransaction();
    }

    @Override
    public void commit() {
        producer.commitTransaction();
    }

    @Override
    public void flush() {
        producer.flush(PATIENCE);
    }

    @Override
    public void close() {
        producer.close();
    }
}
