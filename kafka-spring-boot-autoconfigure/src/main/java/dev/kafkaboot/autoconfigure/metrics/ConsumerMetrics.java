package dev.kafkaboot.autoconfigure.metrics;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Meters of all consumers together; those of records by topic. Nothing is told for each record. Thread-safe. */
final class ConsumerMetrics implements ConsumerListener {

    private final MeterRegistry registry;
    private final Counter fetchedBytes;
    private final DistributionSummary fetchSizes;
    private final Timer fetches;
    private final Counter fetchFailures;
    private final Timer pollIntervals;
    private final Timer rebalances;
    private final Counter rebalanceFailures;
    private final Counter lostPartitions;
    private final Counter missedPolls;
    private final Timer commits;
    private final Counter commitFailures;
    private final Timer heartbeats;
    private final Map<String, Counter> records = new ConcurrentHashMap<>();
    private final Map<String, DistributionSummary> lags = new ConcurrentHashMap<>();

    ConsumerMetrics(MeterRegistry registry) {
        this.registry = registry;
        fetchedBytes = counter("kafka.consumer.fetched.bytes", "Bytes of the answers to fetches");
        fetchSizes = DistributionSummary.builder("kafka.consumer.fetch.size").description("Bytes of the answer to a fetch").baseUnit("bytes").register(registry);
        fetches = timer("kafka.consumer.fetches", "Time of a fetch, with that for which the broker waited for records");
        fetchFailures = counter("kafka.consumer.fetch.failures", "Fetches that failed");
        pollIntervals = timer("kafka.consumer.poll.interval", "Time since the application polled before");
        rebalances = timer("kafka.consumer.rebalances", "Time that a rebalance took");
        rebalanceFailures = counter("kafka.consumer.rebalance.failures", "Rebalances that failed and were tried again");
        lostPartitions = counter("kafka.consumer.partitions.lost", "Partitions that were lost, not given up");
        missedPolls = counter("kafka.consumer.polls.missed", "How often a group was left because the application did not poll in time");
        commits = timer("kafka.consumer.commits", "Time that a commit of offsets took");
        commitFailures = counter("kafka.consumer.commit.failures", "Commits of offsets that failed");
        heartbeats = timer("kafka.consumer.heartbeats", "Time until a heartbeat was answered");
    }

    @Override
    public void fetched(int brokerId, int bytes, Duration latency) {
        fetchedBytes.increment(bytes);
        fetchSizes.record(bytes);
        fetches.record(latency);
    }

    @Override
    public void fetchFailed(int brokerId, Throwable cause) {
        fetchFailures.increment();
    }

    @Override
    public void handedOut(TopicPartition partition, int count, long bytes, long lag) {
        Counter counter = records.get(partition.topic());
        if (counter == null) {
            counter = records.computeIfAbsent(partition.topic(), topic -> Counter.builder("kafka.consumer.records")
                    .description("Records that were handed out").tags(Tags.of("topic", topic)).register(registry));
        }
        counter.increment(count);
        if (lag >= 0) {
            lag(partition.topic()).record((double) lag);
        }
    }

    private DistributionSummary lag(String topic) {
        DistributionSummary known = lags.get(topic);
        return known != null ? known : lags.computeIfAbsent(topic, name -> DistributionSummary.builder("kafka.consumer.lag")
                .description("Records of a partition that are left behind those that were handed out").tags(Tags.of("topic", name)).register(registry));
    }

    @Override
    public void polled(Duration sinceLastPoll) {
        if (!sinceLastPoll.isZero()) {
            pollIntervals.record(sinceLastPoll);
        }
    }

    @Override
    public void positionLost(TopicPartition partition, long position, long resumedAt) {
        Counter.builder("kafka.consumer.positions.lost").description("Positions that were not in the log any more").tags(Tags.of("topic", partition.topic()))
                .register(registry).increment();
    }

    @Override
    public void rebalanced(Collection<TopicPartition> assigned, Duration duration) {
        rebalances.record(duration);
    }

    @Override
    public void rebalanceFailed(Throwable cause) {
        rebalanceFailures.increment();
    }

    @Override
    public void partitionsLost(Collection<TopicPartition> partitions) {
        lostPartitions.increment(partitions.size());
    }

    @Override
    public void pollIntervalExceeded(Duration sinceLastPoll) {
        missedPolls.increment();
    }

    @Override
    public void committed(int partitions, Duration latency) {
        commits.record(latency);
    }

    @Override
    public void commitFailed(int partitions, Throwable cause) {
        commitFailures.increment();
    }

    @Override
    public void heartbeat(Duration latency) {
        heartbeats.record(latency);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name).description(description).register(registry);
    }
}
