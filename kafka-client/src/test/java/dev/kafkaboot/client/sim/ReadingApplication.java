package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.KafkaException;
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
import java.util.stream.IntStream;

/** An application that reads all partitions of a topic from their beginning, without a group, until it is told to stop. It records each poll. */
final class ReadingApplication implements SimulatedProcess.Main {

    private final History history;
    private final String topic;
    private final int partitions;
    private final Map<String, ?> config;
    private boolean seeks;
    private boolean stopped;
    private boolean ended;
    private long lastReadNanos;

    ReadingApplication(History history, String topic, int partitions, Map<String, ?> config) {
        this.history = history;
        this.topic = topic;
        this.partitions = partitions;
        this.config = config;
    }

    /** Lets it move its positions about, now and then. */
    ReadingApplication seeking() {
        seeks = true;
        return this;
    }

    /** Lets it poll no more, and close its consumer. */
    void stop() {
        stopped = true;
    }

    /** Whether it was stopped and has done so. */
    boolean hasEnded() {
        return ended;
    }

    /** When it last got a record. */
    long lastReadNanos() {
        return lastReadNanos;
    }

    @Override
    public void run(SimulatedProcess process) {
        Simulation simulation = process.simulation();
        SplittableRandom random = simulation.newRandom();
        ClientProcess client = history.process(process.name());
        process.onCrash(client::crash);
        KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                .connections(process.connections())
                .config(config)
                .build();
        List<TopicPartition> all = IntStream.range(0, partitions).mapToObj(index -> new TopicPartition(topic, index)).toList();
        Invocation assign = client.assign(all.stream().map(each -> new PartitionId(topic, each.partition())).toList());
        consumer.assign(all);
        assign.ok();
        for (TopicPartition each : all) {
            Invocation seek = client.seekToBeginning(topic, each.partition());
            consumer.seek(each, 0);
            seek.ok();
        }
        while (!stopped) {
            if (seeks && random.nextInt(200) == 0) {
                int partition = random.nextInt(partitions);
                Invocation seek = client.seek(topic, partition, 0);
                consumer.seek(new TopicPartition(topic, partition), 0);
                seek.ok();
            }
            if (poll(consumer, client, Duration.ofMillis(random.nextLong(1_000)))) {
                lastReadNanos = simulation.nowNanos();
            }
            if (random.nextInt(5) == 0) {
                simulation.sleep(Duration.ofMillis(random.nextLong(300)));
            }
        }
        consumer.close();
        ended = true;
    }

    /** Polls; true if it got something. */
    private static boolean poll(KafkaConsumer<byte[], byte[]> consumer, ClientProcess client, Duration timeout) {
        PollInvocation poll = client.poll();
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
            List<PolledRecord> read = new ArrayList<>();
            records.forEach(record -> read.add(PolledRecord.of(record.topic(), record.partition(), record.offset(), record.value())));
            poll.ok(read);
            return !read.isEmpty();
        } catch (KafkaException failure) {
            poll.failed(failure, ClientFailures::read);
            return false;
        }
    }
}
