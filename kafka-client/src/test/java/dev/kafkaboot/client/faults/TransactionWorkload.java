package dev.kafkaboot.client.faults;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.client.sim.ClientFailures;
import dev.kafkaboot.client.sim.RecordedTransactions;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Producers that write in transactions, and a reader at read_committed beside them, each on a thread of its own and recorded in a history. */
final class TransactionWorkload {

    /** By the hash of their names, three of them have three coordinators, where there are three partitions of transactions on three brokers. */
    private static final int PRODUCERS = 3;

    /** The transactions are those of the simulations, where nobody waits for time to pass. */
    private static final int HASTE = 10;

    private final History history;
    private final String servers;
    private final String topic;
    private final List<TopicPartition> partitions;
    private final SplittableRandom random;
    private final Workers workers = new Workers();
    private final List<AtomicInteger> committed = new ArrayList<>();

    TransactionWorkload(History history, String servers, String topic, int partitions, long seed) {
        this.history = history;
        this.servers = servers;
        this.topic = topic;
        this.partitions = IntStream.range(0, partitions).mapToObj(each -> new TopicPartition(topic, each)).toList();
        this.random = new SplittableRandom(seed);
    }

    void start() {
        for (int i = 1; i <= PRODUCERS; i++) {
            String name = topic + "-" + i;
            SplittableRandom own = random.split();
            AtomicInteger count = new AtomicInteger();
            committed.add(count);
            workers.run(name, () -> write(name, own, count));
        }
        workers.run(topic + "-reader", this::readAlong);
    }

    /** How many transactions with records are known to be committed, by the producer that has the fewest. */
    int committedByEach() {
        return committed.stream().mapToInt(AtomicInteger::get).min().orElseThrow();
    }

    /** How many transactions with records are known to be committed. */
    int committed() {
        return committed.stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Lets everybody come to an end, and waits for it; answers what they failed with that no client may fail with. */
    List<Throwable> stop() throws InterruptedException {
        return workers.stop();
    }

    private void write(String name, SplittableRandom own, AtomicInteger count) {
        ClientProcess client = history.process(name);
        RecordedTransactions transactions = new RecordedTransactions(
                client, topic, partitions.size(), own, time -> LockSupport.parkNanos(time.toNanos() / HASTE), workers::areStopped, count);
        while (!workers.areStopped()) {
            try (KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                    .config(Map.of("bootstrap.servers", servers, "transactional.id", name, "transaction.timeout.ms", 10_000, "max.block.ms", 3_000,
                            "delivery.timeout.ms", 8_000, "request.timeout.ms", 2_000, "linger.ms", own.nextInt(2) * 5))
                    .build()) {
                transactions.run(producer);
            }
        }
    }

    private void readAlong() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed")) {
            ClientProcess client = history.process(topic + "-reader");
            assign(consumer, client);
            while (!workers.areStopped()) {
                poll(consumer, client);
            }
        }
    }

    /** When all is well again: reads every partition from its beginning to its end, behind which nothing comes any more. */
    void readAll() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed"); KafkaConsumer<byte[], byte[]> other = consumer("read_uncommitted")) {
            ClientProcess client = history.process(topic + "-last-reader");
            Map<TopicPartition, Long> ends = other.endOffsets(partitions); // those of open transactions too: they time out
            assign(consumer, client);
            while (!partitions.stream().allMatch(each -> consumer.position(each) >= ends.getOrDefault(each, 0L))) {
                poll(consumer, client);
            }
        }
    }

    private void assign(KafkaConsumer<byte[], byte[]> consumer, ClientProcess client) {
        Invocation assign = client.assign(partitions.stream().map(each -> new PartitionId(topic, each.partition())).toList());
        consumer.assign(partitions);
        assign.ok();
        for (TopicPartition each : partitions) {
            Invocation seek = client.seekToBeginning(topic, each.partition());
            consumer.seek(each, 0);
            seek.ok();
        }
    }

    private static void poll(KafkaConsumer<byte[], byte[]> consumer, ClientProcess client) {
        PollInvocation poll = client.poll();
        try {
            List<PolledRecord> read = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                read.add(PolledRecord.of(record.topic(), record.partition(), record.offset(), record.value()));
            }
            poll.ok(read);
        } catch (KafkaException failure) {
            poll.failed(failure, ClientFailures::read);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(String isolationLevel) {
        return KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                .config(Map.of("bootstrap.servers", servers, "isolation.level", isolationLevel, "request.timeout.ms", 4_000))
                .build();
    }
}
