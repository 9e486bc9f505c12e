package dev.kafkaboot.benchmarks;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The producer of kafka-clients. */
final class ApacheProduceClient implements ProduceClient {

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;

    ApacheProduceClient(Run run) {
        producer = new KafkaProducer<>(Settings.producer(run), new ByteArraySerializer(), new ByteArraySerializer());
        topic = run.topic();
        if (run.scenario().transaction() > 0) {
            producer.initTransactions();
        }
    }

    @Override
    public void send(byte @Nullable [] key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, key, value));
    }

    @Override
    public void sendTimed(byte @Nullable [] key, byte[] value, Meter meter) {
        long sent = System.nanoTime();
        producer.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> meter.acknowledged(sent));
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
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
