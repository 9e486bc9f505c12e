package dev.kafkaboot.test.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.kafkaboot.test.RealBroker;
import dev.kafkaboot.test.RealKafka;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class KafkaClusterExtensionTest {

    /** The clusters that the classes below were given, by the place where; theirs is another test run in this JVM. */
    private static final Map<String, RealKafka> GIVEN = new ConcurrentHashMap<>();

    @AfterEach
    void forget() {
        GIVEN.clear();
    }

    @Test
    void equalClustersAreSharedByTheRunAndOwnOnesAreNot() {
        EngineExecutionResults results = run(First.class, Second.class, Own.class);

        results.testEvents().assertStatistics(statistics -> statistics.started(5).succeeded(5));
        RealKafka shared = GIVEN.get("First.parameter");
        assertThat(shared).isNotNull();
        assertThat(GIVEN)
                .containsEntry("First.field", shared)
                .containsEntry("First.static", shared)
                .containsEntry("First.nested", shared)
                .containsEntry("Second.parameter", shared);
        assertThat(GIVEN.get("Own.class")).isNotNull().isNotSameAs(shared);
        assertThat(GIVEN.get("Own.method")).isNotNull().isNotSameAs(shared).isNotSameAs(GIVEN.get("Own.class"));
        assertThat(GIVEN.values()).flatExtracting(RealKafka::brokers).noneMatch(RealBroker::isRunning);
    }

    @Test
    void wrongPropertyIsNamed() {
        EngineExecutionResults results = run(WrongProperty.class);

        results.testEvents().assertStatistics(statistics -> statistics.failed(1));
        assertThat(failure(results)).contains("no-separator").contains("key=value");
    }

    @Test
    void sharedClusterWithAKilledBrokerIsNotHandedOut() {
        EngineExecutionResults results = run(Killing.class, Second.class);

        results.testEvents().assertStatistics(statistics -> statistics.succeeded(1).failed(1));
        assertThat(failure(results)).contains("broker 1").contains("is not running").contains("shared = false");
    }

    private static EngineExecutionResults run(Class<?>... classes) {
        EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.testclass.order.default", ClassOrderer.ClassName.class.getName());
        for (Class<?> type : classes) {
            kit.selectors(selectClass(type));
        }
        return kit.execute();
    }

    private static String failure(EngineExecutionResults results) {
        return results.testEvents().failed().stream()
                .flatMap(event -> event.getPayload().stream())
                .map(Object::toString)
                .findFirst()
                .orElseThrow();
    }

    @KafkaCluster
    static class First {
        private static @Nullable RealKafka staticField;
        private @Nullable RealKafka field;

        @Test
        void takesParameterAndFields(RealKafka parameter) {
            GIVEN.put("First.parameter", parameter);
            GIVEN.put("First.field", Objects.requireNonNull(field));
            GIVEN.put("First.static", Objects.requireNonNull(staticField));
        }

        @Nested
        class Inner {
            @Test
            void takesParameter(RealKafka parameter) {
                GIVEN.put("First.nested", parameter);
            }
        }
    }

    @KafkaCluster(brokers = 1)
    static class Second {
        @Test
        void takesParameter(RealKafka parameter) {
            GIVEN.put("Second.parameter", parameter);
        }
    }

    @KafkaCluster(shared = false)
    static class Own {
        @Test
        void takesTheClusterOfItsClass(RealKafka parameter) {
            GIVEN.put("Own.class", parameter);
        }

        @Test
        @KafkaCluster(shared = false)
        void takesItsOwn(RealKafka parameter) {
            GIVEN.put("Own.method", parameter);
        }
    }

    @KafkaCluster
    static class Killing {
        @Test
        void kills(RealKafka kafka) {
            kafka.broker(1).kill();
        }
    }

    @KafkaCluster(properties = "no-separator")
    static class WrongProperty {
        @Test
        void isNotReached(RealKafka kafka) {
            throw new AssertionError("given " + kafka);
        }
    }
}
