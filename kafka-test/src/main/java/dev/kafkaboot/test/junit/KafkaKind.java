package dev.kafkaboot.test.junit;

import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.TestKafka;

/** Which Kafka a test runs on. */
public enum KafkaKind {

    /** Apache Kafka in a JVM of its own: what counts in the end, ready in a second or two. */
    REAL(RealKafka.class),

    /** The fake: ready in milliseconds, in this JVM, and does on demand what goes wrong once a year. */
    FAKE(FakeKafkaServer.class);

    private final Class<? extends TestKafka> type;

    KafkaKind(Class<? extends TestKafka> type) {
        this.type = type;
    }

    /** The class of such clusters. */
    public Class<? extends TestKafka> type() {
        return type;
    }
}
