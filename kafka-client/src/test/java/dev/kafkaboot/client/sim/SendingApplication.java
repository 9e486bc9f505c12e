package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.history.ClientProcess;
import dev.kafkaboot.test.history.History;
import dev.kafkaboot.test.history.SendInvocation;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * An application that sends: values that occur once, to partitions by chance, now and then many at once, until it is told to stop. It records each send and
 * what became of it.
 */
final class SendingApplication implements SimulatedProcess.Main {

    private static final int LONGEST_KEY = 3_000;

    private final History history;
    private final String topic;
    private final int partitions;
    private final Map<String, ?> config;
    private boolean stopped;
    private boolean ended;
    private long bytesLeft;

    SendingApplication(History history, String topic, int partitions, Map<String, ?> config) {
        this.history = history;
        this.topic = topic;
        this.partitions = partitions;
        this.config = config;
    }

    /** Lets it send no more, and close its producer. */
    void stop() {
        stopped = true;
    }

    /** Whether its producer is closed: nothing more is written. */
    boolean hasEnded() {
        return ended;
    }

    /** What was still buffered when everything was answered; there must be nothing. */
    long bytesLeft() {
        return bytesLeft;
    }

    @Override
    public void run(SimulatedProcess process) {
        Simulation simulation = process.simulation();
        SplittableRandom random = simulation.newRandom();
        ClientProcess client = history.process(process.name());
        process.onCrash(client::crash);
        KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                .connections(process.connections())
                .config(config)
                .build();
        // Batches of one size could take one another's place in memory, unnoticed by any checksum.
        boolean alike = random.nextBoolean();
        while (!stopped) {
            int burst = random.nextInt(20) == 0 ? random.nextInt(200) : 1;
            boolean inARow = random.nextInt(40) == 0; // so that batches follow each other while others are in flight
            for (int i = 0; i < (inARow ? 100 : burst); i++) {
                send(producer, client, random, alike);
                if (inARow) {
                    simulation.sleep(Duration.ofMillis(random.nextLong(4)));
                }
            }
            simulation.sleep(Duration.ofMillis(random.nextInt(10) == 0 ? random.nextLong(2_000) : random.nextLong(100)));
        }
        producer.flush(Duration.ofMinutes(10));
        // What was failed in time is freed only when its request's outcome is known.
        for (int i = 0; i < 600 && producer.bufferedBytes() > 0; i++) {
            simulation.sleep(Duration.ofMillis(100));
        }
        bytesLeft += producer.bufferedBytes();
        producer.close();
        ended = true;
    }

    private void send(KafkaProducer<byte[], byte[]> producer, ClientProcess client, SplittableRandom random, boolean alike) {
        int partition = random.nextInt(partitions);
        byte[] key = new byte[alike ? 8 : random.nextInt(10) == 0 ? random.nextInt(LONGEST_KEY) : random.nextInt(20)];
        SendInvocation send = client.send(topic, partition);
        producer.send(new ProducerRecord<>(topic, partition, null, key, send.payload(), new Headers())).whenComplete((ack, failure) -> ended(send, ack, failure));
    }

    private static void ended(SendInvocation send, @Nullable RecordMetadata ack, @Nullable Throwable failure) {
        if (ack != null) {
            send.ok(ack.partition(), ack.offset());
        } else {
            send.failed(failure == null ? new KafkaException("no outcome") : failure, ClientFailures::read);
        }
    }
}
