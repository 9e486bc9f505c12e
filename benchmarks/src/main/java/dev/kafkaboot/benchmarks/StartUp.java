package dev.kafkaboot.benchmarks;

import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.TestKafka;
import java.util.function.Supplier;

/** Starts a Kafka for tests twice in one JVM, with a topic of three partitions, and prints the milliseconds that each took: {@code fake} or {@code real}. */
final class StartUp {

    private StartUp() {}

    public static void main(String[] args) {
        boolean fake = args.length == 1 && "fake".equals(args[0]);
        if (!fake && !(args.length == 1 && "real".equals(args[0]))) {
            throw new IllegalArgumentException("What is to be started: fake or real?");
        }
        measure(fake ? FakeKafkaServer::start : RealKafka::start);
    }

    static void measure(Supplier<TestKafka> starter) {
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            try (TestKafka kafka = starter.get()) {
                kafka.createTopic("orders", 3);
                System.out.println("started in " + (System.nanoTime() - start) / 1_000_000 + " ms");
            }
        }
    }
}
