package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.SaslHandshakeRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions of ten seconds whose renewal does not go smoothly, because credentials come late or the broker takes its time. */
class LateCredentialsTest {

    private final CompletableFuture<Boolean> vault = new CompletableFuture<>();
    private final SlowPlain mechanism = new SlowPlain(vault);

    private RenewalRun slow(Duration lifetime) {
        return new RenewalRun(1, 1, lifetime, "PLAIN", Map.of("sasl.mechanism.instance", mechanism));
    }

    private void open(RenewalRun run) {
        run.process.loop().execute(() -> vault.complete(true));
    }

    @Test
    void sourceThatFailsForAMomentCostsNothing() {
        try (RenewalRun run = new RenewalRun("SCRAM-SHA-256")) {
            run.sourceFails = true;
            run.askFor(Duration.ofSeconds(8), Duration.ofMillis(20)); // and a second
            CompletableFuture<?> underWay = run.longPoll(Duration.ofMillis(300));
            run.simulation.run(Duration.ofMillis(300));
            run.sourceFails = false;
            run.askFor(Duration.ofSeconds(20), Duration.ofMillis(20));

            assertThat(underWay).isCompleted();
            run.assertAllAnsweredInOrder();
            run.assertNoConnectionWasLost();
        }
    }

    @Test
    void connectionWhoseSessionEndsWithoutCredentialsFinishesWhatIsUnderWayAndAnotherSendsTheRest() {
        try (RenewalRun run = new RenewalRun("PLAIN")) {
            run.sourceFails = true;
            run.simulation.run(Duration.ofSeconds(8));
            CompletableFuture<?> underWay = run.longPoll(Duration.ofSeconds(5));
            run.simulation.run(Duration.ofSeconds(4));
            run.asks();
            run.sourceFails = false;
            run.askFor(Duration.ofSeconds(5), Duration.ofMillis(50));

            assertThat(underWay).isCompleted();
            run.assertAllAnsweredInOrder();
            assertThat(run.events.subList(2, 5)).containsExactly("disconnected: null", "handshake", "connected");
        }
    }

    @Test
    void sourceThatTakesLongerThanARenewalMayCostsNothingBeforeTheEnd() {
        try (RenewalRun run = slow(Duration.ofMinutes(5))) {
            run.simulation.run(Duration.ofSeconds(296));
            assertThat(mechanism.begun()).isEqualTo(3);

            open(run);
            run.askFor(Duration.ofSeconds(20), Duration.ofMillis(100));

            run.assertAllAnsweredInOrder();
            run.assertNoConnectionWasLost();
        }
    }

    @Test
    void requestsAreHeldFromShortlyBeforeTheEndAndSentOnAnotherConnectionWhenCredentialsCome() {
        try (RenewalRun run = slow(Duration.ofSeconds(10))) {
            run.askFor(Duration.ofSeconds(11), Duration.ofMillis(20));
            open(run);
            run.askFor(Duration.ofSeconds(1), Duration.ofMillis(20));

            run.assertAllAnsweredInOrder();
            assertThat(run.events).contains("disconnected: null").noneMatch(event -> event.contains("Exception"));
        }
    }

    @Test
    void credentialsThatComeAfterTheEndAreInTimeForAConnectionThatStillHasRequestsUnderWay() {
        try (RenewalRun run = slow(Duration.ofSeconds(10))) {
            run.simulation.run(Duration.ofSeconds(9));
            CompletableFuture<?> underWay = run.longPoll(Duration.ofSeconds(5));
            run.simulation.run(Duration.ofSeconds(2));
            run.asks();

            open(run);
            run.askFor(Duration.ofSeconds(5), Duration.ofMillis(20));

            assertThat(underWay).isCompleted();
            run.assertAllAnsweredInOrder();
            run.assertNoConnectionWasLost();
        }
    }

    @ParameterizedTest
    @CsvSource({"30, 0", "10, 5"}) // the second pause ends shortly before the limit of the renewal, which the broker gets only then
    void brokerThatAskedForAPauseIsGivenItAndThenItsTimeForTheRenewal(int pauseSeconds, int replySeconds) {
        try (RenewalRun run = new RenewalRun("PLAIN")) {
            run.simulation.run(Duration.ofSeconds(8));
            run.rule(cluster -> {
                cluster.on(MetadataRequest.class).throttle(Duration.ofSeconds(pauseSeconds));
                cluster.on(SaslHandshakeRequest.class).delayReply(Duration.ofSeconds(replySeconds));
            });
            run.asks();
            run.simulation.run(Duration.ofSeconds(pauseSeconds + replySeconds + 1));

            run.askFor(Duration.ofSeconds(1), Duration.ofMillis(100));

            run.assertAllAnsweredInOrder();
            run.assertNoConnectionWasLost();
        }
    }
}
