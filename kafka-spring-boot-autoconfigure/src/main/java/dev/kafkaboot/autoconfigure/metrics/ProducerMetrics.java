package dev.kafkaboot.autoconfigure.metrics;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.producer.ProducerListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Meters of the producer, by topic. It is told of batches, not of records, and so costs next to nothing for each record. */
final class ProducerMetrics implements ProducerListener {

    private final MeterRegistry registry;
    private final Counter bufferExhausted;
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    ProducerMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.bufferExhausted = Counter.builder("kafka.producer.buffer.exhausted")
                .description("How often a sender found the buffer full and had to wait").register(registry);
    }

    @Override
    public void batchSent(TopicPartition partition, int records, int bytes, int uncompressedBytes, Duration queued, int attempt) {
        Topic topic = topic(partition);
        topic.batchRecords.record(records);
        topic.batchBytes.record(bytes);
        topic.compression.record((double) bytes / uncompressedBytes);
        if (attempt == 1) {
            topic.queued.record(queued);
        }
    }

    @Override
    public void batchAcknowledged(TopicPartition partition, int records, Duration socket, Duration broker) {
        Topic topic = topic(partition);
        topic.acknowledged.increment(records);
        topic.socket.record(socket);
        topic.broker.record(broker);
        topic.latency.record(socket.plus(broker));
    }

    @Override
    public void batchRetried(TopicPartition partition, int records, Throwable reason) {
        topic(partition).retries.increment();
    }

    @Override
    public void recordsFailed(TopicPartition partition, int records, Throwable reason) {
        topic(partition).failed.increment(records);
    }

    @Override
    public void bufferExhausted() {
        bufferExhausted.increment();
    }

    private Topic topic(TopicPartition partition) {
        Topic known = topics.get(partition.topic());
        return known != null ? known : topics.computeIfAbsent(partition.topic(), name -> new Topic(registry, Tags.of("topic", name)));
    }

    private static final class Topic {

        private final Counter acknowledged;
        private final Counter failed;
        private final Counter retries;
        private final DistributionSummary batchRecords;
        private final DistributionSummary batchBytes;
        private final Timer queued;
        private final DistributionSummary compression;
        private final Timer socket;
        private final Timer broker;
        private final Timer latency;

        Topic(MeterRegistry registry, Tags tags) {
            acknowledged = records(registry, tags.and("result", "success"));
            failed = records(registry, tags.and("result", "failure"));
            retries = Counter.builder("kafka.producer.retries").description("Batches that were sent again").tags(tags).register(registry);
            batchRecords = DistributionSummary.builder("kafka.producer.batch.records")
                    .description("Records of a batch").tags(tags).register(registry);
            batchBytes = DistributionSummary.builder("kafka.producer.batch.size")
                    .description("Size of a batch as it is sent").baseUnit("bytes").tags(tags).register(registry);
            compression = DistributionSummary.builder("kafka.producer.compression.ratio")
                    .description("Size of a batch as it is sent, as a share of its size before compression").tags(tags).register(registry);
            queued = Timer.builder("kafka.producer.queue").description("Time that a batch was open and waited").tags(tags).register(registry);
            socket = Timer.builder("kafka.producer.socket").description("Time that it took to hand a batch to the socket").tags(tags).register(registry);
            broker = Timer.builder("kafka.producer.broker").description("Time from then to the acknowledgement").tags(tags).register(registry);
            latency = Timer.builder("kafka.producer.latency")
                    .description("Time from sending a batch to its acknowledgement").tags(tags).register(registry);
        }

        private static Counter records(MeterRegistry registry, Tags tags) {
            return Counter.builder("kafka.producer.records").description("Records that were acknowledged, and that failed for good")
                    .tags(tags).register(registry);
        }
    }
}
