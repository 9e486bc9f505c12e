package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.net.RequestTimeoutException;
import dev.kafkaboot.protocol.message.MetadataRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Brokers that ask for a pause (KIP-219) while requests are on their way behind the one that they answer. They do not read them until it is over. */
class PausedConnectionTest {

    @ParameterizedTest
    @ValueSource(ints = {60, 3_600})
    void pauseThatABrokerAskedForIsNotItsSilence(int seconds) {
        try (RenewalRun run = new RenewalRun(1, 1, Duration.ofDays(1), "PLAIN", Map.of("connections.max.idle.ms", 86_400_000, "metadata.max.age.ms", 86_400_000))) {
            run.rule(cluster -> cluster.on(MetadataRequest.class).throttle(Duration.ofSeconds(seconds)));
            run.asks();
            run.asks();

            run.simulation.run(Duration.ofSeconds(seconds - 1));

            assertThat(run.failures).allSatisfy(failure -> assertThat(failure).isInstanceOf(RequestTimeoutException.class)).hasSize(1);
            run.assertNoConnectionWasLost();
            run.failures.clear();
            run.simulation.run(Duration.ofSeconds(2));
            run.askFor(Duration.ofSeconds(1), Duration.ofMillis(100));
            assertThat(run.failures).isEmpty();
            run.assertNoConnectionWasLost();
        }
    }
}
