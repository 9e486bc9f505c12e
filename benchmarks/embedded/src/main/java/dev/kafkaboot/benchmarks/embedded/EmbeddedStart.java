package dev.kafkaboot.benchmarks.embedded;

import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** Starts the broker behind {@code @EmbeddedKafka} twice in one JVM, with a topic of three partitions, and prints the milliseconds that each took. */
public final class EmbeddedStart {

    private EmbeddedStart() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, 3, "orders");
            broker.afterPropertiesSet();
            System.out.println("started in " + (System.nanoTime() - start) / 1_000_000 + " ms");
            broker.destroy();
        }
        System.exit(0); // threads of the broker's outlive it
    }
}
