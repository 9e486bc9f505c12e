package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.client.telemetry.AverageAndMax;
import dev.kafkaboot.client.telemetry.MetricReport;
import dev.kafkaboot.client.telemetry.MetricSource;
import dev.kafkaboot.protocol.ApiKey;
import java.time.Duration;
import java.util.Map;

/** What brokers may ask of a producer beside its connections (KIP-714). On the loop. */
final class ProducerMetrics implements ProducerListener, ConnectionListener, MetricSource {

    /** What the names begin with. */
    static final String PREFIX = "org.apache.kafka.producer.";

    private final AverageAndMax queued = new AverageAndMax();
    private final AverageAndMax throttled = new AverageAndMax();

    /** What tells a producer from others. */
    static Map<String, String> labels(ClientConfig config) {
        String id = config.find(ProducerConfig.TRANSACTIONAL_ID);
        return id == null ? Map.of() : Map.of("transactional_id", id);
    }

    @Override
    public void batchSent(TopicPartition partition, int records, int bytes, int uncompressedBytes, Duration time, int attempt) {
        if (attempt == 1) {
            queued.add(time);
        }
    }

    @Override
    public void responseReceived(Node broker, ApiKey api, int bytes, Duration latency) {
        if (api == ApiKey.PRODUCE) {
            throttled.add(Duration.ZERO);
        }
    }

    @Override
    public void throttled(Node broker, ApiKey api, Duration time) {
        if (api == ApiKey.PRODUCE) {
            throttled.lengthen(time);
        }
    }

    @Override
    public void tell(MetricReport report, long nowNanos) {
        queued.tell(report, PREFIX + "record.queue.time", Map.of());
        throttled.tell(report, PREFIX + "produce.throttle.time", Map.of());
    }
}
