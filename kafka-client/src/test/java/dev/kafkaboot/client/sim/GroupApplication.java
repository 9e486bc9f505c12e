package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.history.ClientProcess;
import dev.kafkaboot.test.history.History;
import dev.kafkaboot.test.history.Invocation;
import dev.kafkaboot.test.history.PartitionId;
import dev.kafkaboot.test.history.PollInvocation;
import dev.kafkaboot.test.history.PolledRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A member of a consumer group, until it is told to stop: it polls, works for a while that may be too long, commits what it finished, leaves now and then and
 * comes back. It records polls, commits and rebalances.
 */
final class GroupApplication implements SimulatedProcess.Main {

    private final History history;
    private final String topic;
    private final String group;
    private final Map<String, ?> config;
    private final boolean commits;
    private boolean calm;
    private boolean stopped;
    private boolean ended;

    /** Makes one; it commits by itself unless the configuration makes the consumer do it. */
    GroupApplication(History history, String topic, String group, Map<String, ?> config) {
        this.history = history;
        this.topic = topic;
        this.group = group;
        this.config = config;
        this.commits = Boolean.FALSE.equals(config.get("enable.auto.commit"));
    }

    /** Lets it stay and be quick, from now on. */
    void calmDown() {
        calm = true;
    }

    /** Lets it poll no more, and leave. */
    void stop() {
        stopped = true;
    }

    /** Whether it was stopped and has done so. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public void run(SimulatedProcess process) {
        while (!stopped) {
            new Member(process).live();
            if (!stopped) {
                process.simulation().sleep(Duration.ofMillis(process.simulation().newRandom().nextLong(3_000)));
            }
        }
        ended = true;
    }

    /** One life as a member. */
    private final class Member {

        private final Simulation simulation;
        private final SplittableRandom random;
        private final ClientProcess client;
        private final KafkaConsumer<byte[], byte[]> consumer;
        /** What was handed out and not committed yet, as the offsets to commit. */
        private final Map<TopicPartition, Long> finished = new TreeMap<>();
        private boolean crashed;

        Member(SimulatedProcess process) {
            simulation = process.simulation();
            random = simulation.newRandom();
            client = history.process(process.name(), group);
            process.onCrash(() -> {
                if (!crashed) {
                    crashed = true;
                    client.crash();
                }
            });
            consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                    .connections(process.connections())
                    .config(config)
                    .groupId(group)
                    .build();
        }

        void live() {
            Invocation subscribe = client.subscribe(topic);
            consumer.subscribe(List.of(topic), new Rebalances(client, finished));
            subscribe.ok();
            while (!stopped && (calm || random.nextInt(150) > 0)) {
                poll();
                work();
                if (commits && random.nextInt(3) == 0) {
                    commit();
                }
            }
            if (commits) {
                commit();
            }
            Invocation close = client.close();
            consumer.close(Duration.ofSeconds(30));
            close.ok();
            crashed = true; // nothing is left that could
        }

        private void poll() {
            PollInvocation poll = client.poll();
            try {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(random.nextLong(1_000)));
                List<PolledRecord> read = new ArrayList<>();
                records.forEach(record -> read.add(PolledRecord.of(record.topic(), record.partition(), record.offset(), record.value())));
                poll.ok(read);
                records.forEach(record -> finished.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1));
            } catch (KafkaException failure) {
                poll.failed(failure, ClientFailures::read);
            }
        }

        private void work() {
            int draw = random.nextInt(calm ? 10 : 100);
            if (draw < 10) {
                simulation.sleep(Duration.ofMillis(random.nextLong(200)));
            } else if (draw == 99) {
                simulation.sleep(Duration.ofMillis(random.nextLong(20_000)));
            }
        }

        private void commit() {
            finished.keySet().retainAll(consumer.assignment());
            if (finished.isEmpty()) {
                return;
            }
            Map<TopicPartition, OffsetAndMetadata> offsets = new TreeMap<>();
            finished.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
            Invocation commit = client.commit(ids(finished));
            finished.clear();
            if (random.nextInt(3) == 0) {
                consumer.commitAsync(offsets).whenComplete((done, failure) -> {
                    if (failure == null) {
                        commit.ok();
                    } else {
                        commit.failed(failure, ClientFailures::read);
                    }
                });
                return;
            }
            try {
                consumer.commit(offsets);
                commit.ok();
            } catch (KafkaException failure) {
                commit.failed(failure, ClientFailures::read);
            }
        }
    }

    private static Map<PartitionId, Long> ids(Map<TopicPartition, Long> offsets) {
        Map<PartitionId, Long> ids = new TreeMap<>();
        offsets.forEach((partition, offset) -> ids.put(new PartitionId(partition.topic(), partition.partition()), offset));
        return ids;
    }
}
