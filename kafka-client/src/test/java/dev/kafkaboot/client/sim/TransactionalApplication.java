package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.history.ClientProcess;
import dev.kafkaboot.test.history.History;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** An application that writes in transactions until it is told to stop, and makes another producer where one is of no more use. */
final class TransactionalApplication implements SimulatedProcess.Main {

    private final History history;
    private final String topic;
    private final int partitions;
    private final Map<String, ?> config;
    private final AtomicInteger committed = new AtomicInteger();
    private boolean stopped;
    private boolean ended;

    TransactionalApplication(History history, String topic, int partitions, Map<String, ?> config) {
        this.history = history;
        this.topic = topic;
        this.partitions = partitions;
        this.config = config;
    }

    /** Lets it begin no more. */
    void stop() {
        stopped = true;
    }

    /** Whether it was stopped and has done so. */
    boolean hasEnded() {
        return ended;
    }

    /** How many transactions it knows to be committed. */
    int committed() {
        return committed.get();
    }

    @Override
    public void run(SimulatedProcess process) {
        Simulation simulation = process.simulation();
        SplittableRandom random = simulation.newRandom();
        ClientProcess client = history.process(process.name());
        process.onCrash(client::crash);
        ended = false;
        RecordedTransactions transactions =
                new RecordedTransactions(client, topic, partitions, random, simulation::sleep, () -> stopped, committed);
        while (!stopped) {
            KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                    .connections(process.connections())
                    .transactionalId(process.name())
                    .config(config)
                    .build();
            transactions.run(producer);
            producer.close(Duration.ofSeconds(10));
        }
        ended = true;
    }
}
