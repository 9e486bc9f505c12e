package dev.kafkaboot.benchmarks;

import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import org.jspecify.annotations.Nullable;

/** The producer of this project. */
final class OurProduceClient implements ProduceClient {

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;

    OurProduceClient(Run run) {
        producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes()).config(Settings.producer(run)).build();
        topic = run.topic();
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
    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
