package dev.kafkaboot.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.TestKafka;
import dev.kafkaboot.test.fake.FakeKafka;
import dev.kafkaboot.test.fake.FakeKafkaBuilder;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/**
 * Plays a scenario to one real broker and to one fake one, over sockets, and compares what they answer.
 *
 * <p>Compared are errors, offsets, epochs, sizes and counts; what a broker is free to choose (producer, session and member ids, times, the wording of errors)
 * counts as equal where it is used alike. The real broker is shared by all of the suite, so each scenario has topics, groups and transactional ids of its own.
 */
@KafkaCluster(properties = "transaction.abort.timed.out.transaction.cleanup.interval.ms=100")
abstract class ConformanceTest {

    private RealKafka real;
    private String name;

    @BeforeEach
    void take(RealKafka cluster, TestInfo test) {
        real = cluster;
        name = getClass().getSimpleName() + "-" + test.getTestMethod().orElseThrow().getName();
    }

    /** Fails unless the answers are the same, but for the given steps, which must differ just as they are known to. */
    void assertAlike(Scenario scenario, KnownDifference... differences) throws IOException {
        List<String> ofReal = play(scenario, real);
        List<String> ofFake;
        try (FakeKafkaServer fake = FakeKafkaServer.start(configure(FakeKafka.builder())
                .release(release())
                .autoCreateTopics(false)
                .sessionTimeouts(Duration.ofMillis(100), Duration.ofMinutes(30))
                .consumerGroupTimes(Duration.ofMillis(500), Duration.ofSeconds(45))
                .shareGroupTimes(Duration.ofMillis(500), Duration.ofSeconds(45)))) {
            ofFake = play(scenario, fake);
        }

        List<String> expected = new ArrayList<>(ofReal);
        for (KnownDifference difference : differences) {
            assertThat(expected).contains(difference.ofReal());
            expected.replaceAll(line -> line.equals(difference.ofReal()) ? difference.ofFake() : line);
        }
        assertThat(ofFake).isNotEmpty().containsExactlyElementsOf(expected);
    }

    /** What the fake is to be besides, where the class's real broker is configured in another way than the others'. */
    FakeKafkaBuilder configure(FakeKafkaBuilder fake) {
        return fake;
    }

    /** The release that the real broker is of. */
    private static String release() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = ConformanceTest.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            properties.load(Objects.requireNonNull(in, "Kafka is not on the class path"));
        }
        String version = properties.getProperty("version");
        return version.substring(0, version.lastIndexOf('.'));
    }

    private List<String> play(Scenario scenario, TestKafka kafka) throws IOException {
        try (Side side = new Side(kafka, name)) {
            scenario.play(side);
            return side.transcript().lines();
        }
    }
}
