package dev.kafkaboot.client.faults;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.client.sim.ClientFailures;
import dev.kafkaboot.test.history.ClientProcess;
import dev.kafkaboot.test.history.History;
import dev.kafkaboot.test.history.Invocation;
import dev.kafkaboot.test.history.PartitionId;
import dev.kafkaboot.test.history.PollInvocation;
import dev.kafkaboot.test.history.PolledRecord;
import dev.kafkaboot.test.history.SendInvocation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** What clients do in the meantime, each on a thread of its own, recorded in a history: send, and read as members of a group. */
final class Workload {

    private static final long PAUSE_NANOS = 2_000_000;

    private final History history;
    private final String servers;
    private final String topic;
    private final int partitions;
    private final Workers workers = new Workers();
    private final AtomicInteger acknowledged = new AtomicInteger();

    Workload(History history, String servers, String topic, int partitions) {
        this.history = history;
        this.servers = servers;
        this.topic = topic;
        this.partitions = partitions;
    }

    void start() {
        workers.run("producer-1", () -> send("producer-1"));
        workers.run("producer-2", () -> send("producer-2"));
        workers.run("member-1", () -> read("member-1"));
        workers.run("member-2", () -> read("member-2"));
    }

    /** How many records were acknowledged so far. */
    int acknowledged() {
        return acknowledged.get();
    }

    /** Lets everybody come to an end, and waits for it; answers what they failed with that no client may fail with. */
    List<Throwable> stop() throws InterruptedException {
        return workers.stop();
    }

    private void send(String name) {
        ClientProcess client = history.process(name);
        try (KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                .config(Map.of("bootstrap.servers", servers, "delivery.timeout.ms", 20_000, "request.timeout.ms", 4_000, "linger.ms", 5))
                .build()) {
            for (int i = 0; !workers.areStopped(); i++) {
                SendInvocation send = client.send(topic);
                producer.send(topic, ("key-" + i % (partitions * 10)).getBytes(StandardCharsets.UTF_8), send.payload())
                        .whenComplete((ack, failure) -> {
                            if (failure == null) {
                                send.ok(ack.partition(), ack.offset());
                                acknowledged.incrementAndGet();
                            } else {
                                send.failed(failure, ClientFailures::read);
                            }
                        });
                LockSupport.parkNanos(PAUSE_NANOS); // a steady load, not the largest
            }
            producer.flush(Duration.ofMinutes(1));
        }
    }

    private void read(String name) {
        ClientProcess client = history.process(name, "billing");
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of(
                "group.id", "billing", "enable.auto.commit", false, "auto.offset.reset", "earliest", "session.timeout.ms", 6_000,
                "heartbeat.interval.ms", 500, "request.timeout.ms", 4_000, "default.api.timeout.ms", 10_000))) {
            Map<TopicPartition, Long> finished = new TreeMap<>();
            Invocation subscribe = client.subscribe(topic);
            consumer.subscribe(List.of(topic), new Recorder(client));
            subscribe.ok();
            while (!workers.areStopped()) {
                poll(consumer, client, finished);
                commit(consumer, client, finished);
            }
        }
    }

    private static void commit(KafkaConsumer<byte[], byte[]> consumer, ClientProcess client, Map<TopicPartition, Long> finished) {
        finished.keySet().retainAll(consumer.assignment());
        if (finished.isEmpty()) {
            return;
        }
        Map<PartitionId, Long> ids = new TreeMap<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = new TreeMap<>();
        finished.forEach((partition, offset) -> {
            ids.put(new PartitionId(partition.topic(), partition.partition()), offset);
            offsets.put(partition, new OffsetAndMetadata(offset));
        });
        finished.clear();
        Invocation commit = client.commit(ids);
        try {
            consumer.commit(offsets);
            commit.ok();
        } catch (KafkaException failure) {
            commit.failed(failure, ClientFailures::read);
        }
    }

    private static int poll(KafkaConsumer<byte[], byte[]> consumer, ClientProcess client, Map<TopicPartition, Long> finished) {
        PollInvocation poll = client.poll();
        try {
            List<PolledRecord> read = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                read.add(PolledRecord.of(record.topic(), record.partition(), record.offset(), record.value()));
                finished.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
            poll.ok(read);
            return read.size();
        } catch (KafkaException failure) {
            poll.failed(failure, ClientFailures::read);
            return 0;
        }
    }

    /** When all is well again: reads every partition from its beginning to its end. */
    void readAll() {
        ClientProcess client = history.process("last-reader");
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of("default.api.timeout.ms", 30_000))) {
            List<TopicPartition> all = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                all.add(new TopicPartition(topic, i));
            }
            Invocation assign = client.assign(all.stream().map(each -> new PartitionId(topic, each.partition())).toList());
            consumer.assign(all);
            assign.ok();
            for (TopicPartition each : all) {
                Invocation seek = client.seekToBeginning(topic, each.partition());
                consumer.seek(each, 0);
                seek.ok();
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            Map<TopicPartition, Long> read = new TreeMap<>();
            while (!all.stream().allMatch(each -> read.getOrDefault(each, 0L) >= ends.getOrDefault(each, 0L))) {
                poll(consumer, client, read);
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, ?> config) {
        return KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes()).config(Map.of("bootstrap.servers", servers)).config(config).build();
    }

    private record Recorder(ClientProcess client) implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            client.assigned(ids(partitions));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            client.revoked(ids(partitions));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            client.lost(ids(partitions));
        }

        private static List<PartitionId> ids(Collection<TopicPartition> partitions) {
            return partitions.stream().map(partition -> new PartitionId(partition.topic(), partition.partition())).toList();
        }
    }
}
