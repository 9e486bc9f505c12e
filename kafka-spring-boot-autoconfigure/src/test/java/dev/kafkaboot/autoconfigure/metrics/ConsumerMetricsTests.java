package dev.kafkaboot.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConsumerMetricsTests {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ConsumerMetrics metrics = new ConsumerMetrics(registry);

    @Test
    void fetchesAreMeasuredBySizeAndTime() {
        metrics.fetched(1, 1_000, Duration.ofMillis(20));
        metrics.fetched(1, 3_000, Duration.ofMillis(40));

        DistributionSummary sizes = registry.get("kafka.consumer.fetch.size").summary();
        assertThat(sizes.max()).isEqualTo(3_000);
        assertThat(sizes.mean()).isEqualTo(2_000);
        assertThat(registry.get("kafka.consumer.fetches").timer().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(60);
    }

    @Test
    void lagIsMeasuredByTopicWhereItIsKnown() {
        metrics.handedOut(PARTITION, 5, 100, 40);
        metrics.handedOut(PARTITION, 5, 100, 20);
        metrics.handedOut(PARTITION, 5, 100, -1);

        DistributionSummary lag = registry.get("kafka.consumer.lag").tag("topic", "orders").summary();
        assertThat(lag.count()).isEqualTo(2);
        assertThat(lag.max()).isEqualTo(40);
        assertThat(registry.get("kafka.consumer.records").tag("topic", "orders").counter().count()).isEqualTo(15);
    }

    @Test
    void timeBetweenPollsIsMeasured() {
        metrics.polled(Duration.ZERO);
        metrics.polled(Duration.ofMillis(300));

        Timer polls = registry.get("kafka.consumer.poll.interval").timer();
        assertThat(polls.count()).as("there was none before the first").isEqualTo(1);
        assertThat(polls.max(TimeUnit.MILLISECONDS)).isEqualTo(300);
    }

    @Test
    void lostPositionsAreCountedByTopic() {
        metrics.positionLost(PARTITION, 5, 9);
        metrics.positionLost(new TopicPartition("orders", 1), 5, 2);

        assertThat(registry.get("kafka.consumer.positions.lost").tag("topic", "orders").counter().count()).isEqualTo(2);
    }
}
