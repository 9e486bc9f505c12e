package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.telemetry.AverageAndMax;
import dev.kafkaboot.client.telemetry.MetricReport;
import dev.kafkaboot.client.telemetry.MetricSource;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** What brokers may ask of a consumer beside its connections (KIP-714). On the loop, but for {@link #polled}. */
final class ConsumerMetrics implements ConsumerListener, MetricSource {

    /** What the names of a consumer begin with. */
    static final String CONSUMER = "org.apache.kafka.consumer.";

    /** What the names of a share consumer begin with. */
    static final String SHARE_CONSUMER = "org.apache.kafka.consumer.share.";

    private static final double NANOS_PER_MILLI = 1e6;

    private final String prefix;
    private final IntSupplier assigned;
    private final AverageAndMax fetches = new AverageAndMax();
    private final AverageAndMax commits = new AverageAndMax();
    private final AverageAndMax rebalances = new AverageAndMax();
    private final LongAdder polls = new LongAdder();
    private final LongAdder busyNanos = new LongAdder();
    private double rebalanceMillis;
    private long toldNanos;

    /**
     * Nothing so far.
     *
     * @param assigned how many partitions the consumer has
     */
    ConsumerMetrics(String prefix, EventLoop loop, IntSupplier assigned) {
        this.prefix = prefix;
        this.assigned = assigned;
        this.toldNanos = loop.nanoTime();
    }

    @Override
    public void fetched(int brokerId, int bytes, Duration latency) {
        fetches.add(latency);
    }

    @Override
    public void polled(Duration sinceLastPoll) {
        polls.increment();
        busyNanos.add(sinceLastPoll.toNanos());
    }

    @Override
    public void rebalanced(Collection<TopicPartition> partitions, Duration duration) {
        rebalances.add(duration);
        rebalanceMillis += duration.toNanos() / NANOS_PER_MILLI;
    }

    @Override
    public void committed(int partitions, Duration latency) {
        commits.add(latency);
    }

    @Override
    public void tell(MetricReport report, long nowNanos) {
        long busy = busyNanos.sumThenReset();
        if (polls.sumThenReset() > 0 && nowNanos > toldNanos) {
            report.gauge(prefix + "poll.idle.ratio.avg", Map.of(), Math.max(0, 1 - (double) busy / (nowNanos - toldNanos)));
        }
        toldNanos = nowNanos;
        fetches.tell(report, prefix + "fetch.manager.fetch.latency", Map.of());
        if (!prefix.equals(CONSUMER)) {
            return; // of the group of a share consumer Apache's client tells nothing of this
        }
        commits.tell(report, prefix + "coordinator.commit.latency", Map.of());
        rebalances.tell(report, prefix + "coordinator.rebalance.latency", Map.of());
        report.sum(prefix + "coordinator.rebalance.latency.total", Map.of(), rebalanceMillis);
        report.gauge(prefix + "coordinator.assigned.partitions", Map.of(), assigned.getAsInt());
    }
}
