package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.client.net.RequestTimeoutException;
import dev.kafkaboot.client.security.UserCredentials;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.SaslAuthenticateRequest;
import dev.kafkaboot.protocol.message.SaslAuthenticateResponse;
import dev.kafkaboot.protocol.message.SaslHandshakeRequest;
import dev.kafkaboot.test.fake.Intervention;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that end (KIP-368), on brokers that give each connection ten seconds. */
class SessionRenewalTest {

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256"})
    void connectionLivesOnWithAllRequestsAnsweredInOrder(String mechanism) {
        try (RenewalRun run = new RenewalRun(mechanism)) {
            run.askFor(Duration.ofSeconds(100), Duration.ofMillis(20));

            run.assertAllAnsweredInOrder();
            assertThat(run.count("connected")).isEqualTo(1); // of the node; the bootstrap connection came before
            assertThat(run.count("handshake")).isBetween(11L, 13L); // every 8.5 to 9.5 s, and the first
            assertThat(run.events).noneMatch(event -> event.startsWith("disconnected"));
        }
    }

    @Test
    void whatIsUnderWayIsAnsweredFirstHoweverLongItTakes() {
        try (RenewalRun run = new RenewalRun("SCRAM-SHA-256")) {
            run.simulation.run(Duration.ofSeconds(8));
            CompletableFuture<?> longPoll = run.longPoll(Duration.ofMinutes(2));

            run.simulation.run(Duration.ofSeconds(30)); // the session has ended meanwhile, and the limit of a renewal has passed
            assertThat(longPoll).isNotDone();
            run.simulation.run(Duration.ofMinutes(2));

            assertThat(longPoll).isCompleted();
            run.askFor(Duration.ofSeconds(1), Duration.ofMillis(100));
            run.assertAllAnsweredInOrder();
            assertThat(run.events).noneMatch(event -> event.startsWith("disconnected"));
        }
    }

    @Test
    void idleConnectionIsRenewedAndStillClosedWhenItIsIdleForTooLong() {
        try (RenewalRun run = new RenewalRun(1, "PLAIN", Map.of("connections.max.idle.ms", 60_000, "metadata.max.age.ms", 3_600_000))) {
            run.simulation.run(Duration.ofSeconds(45));
            assertThat(run.count("handshake")).isGreaterThanOrEqualTo(5);
            assertThat(run.events).noneMatch(event -> event.startsWith("disconnected"));

            run.simulation.run(Duration.ofSeconds(90)); // whether it is idle is looked at every 30 s

            assertThat(run.events).contains("disconnected: null");
        }
    }

    @Test
    void passwordThatWasChangedIsUsedAtTheNextRenewal() {
        try (RenewalRun run = new RenewalRun("SCRAM-SHA-512")) {
            run.rule(cluster -> cluster.sasl().user("alice", "another"));
            run.credentials = UserCredentials.of("alice", "another");

            run.askFor(Duration.ofSeconds(25), Duration.ofMillis(50));

            run.assertAllAnsweredInOrder();
            assertThat(run.count("connected")).isEqualTo(1);
        }
    }

    @Test
    void otherUserGetsAnotherConnectionAndNothingIsLostOrOvertaken() {
        try (RenewalRun run = new RenewalRun("PLAIN")) {
            run.credentials = UserCredentials.of("bob", "t0p");
            Intervention<?, ?>[] slow = new Intervention<?, ?>[1];
            run.rule(cluster -> slow[0] = cluster.on(MetadataRequest.class).always().delayReply(Duration.ofMillis(100)));

            for (int i = 0; i < 60; i++) { // always one under way, and one that waits for it
                run.asks();
                run.asks();
                run.simulation.run(Duration.ofMillis(200));
            }
            slow[0].cancel();
            run.simulation.run(Duration.ofSeconds(20));

            run.assertAllAnsweredInOrder();
            assertThat(run.count("connected")).isEqualTo(2);
            assertThat(run.count("disconnected: null")).isEqualTo(1);
        }
    }

    @Test
    void userWhoIsRefusedAtTheRenewalAndOnANewConnectionIsToldTheReason() {
        try (RenewalRun run = new RenewalRun("PLAIN")) {
            run.rule(cluster -> cluster.sasl().removeUser("alice"));

            run.askFor(Duration.ofSeconds(12), Duration.ofMillis(100));

            assertThat(run.failures).isNotEmpty().allSatisfy(failure -> assertThat(failure)
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("refused PLAIN for user 'alice'"));
            assertThat(run.events).anyMatch(event -> event.startsWith("disconnected: dev.kafkaboot.client.AuthenticationException"));
        }
    }

    @Test
    void renewalThatABrokerRefusesFailsNothingIfItLetsANewConnectionIn() {
        try (RenewalRun run = new RenewalRun("PLAIN")) {
            run.simulation.run(Duration.ofSeconds(8));
            run.rule(cluster -> cluster.on(SaslAuthenticateRequest.class).reply(request -> new SaslAuthenticateResponse()
                    .errorCode(ErrorCode.SASL_AUTHENTICATION_FAILED.code())
                    .errorMessage("Cannot change principals during re-authentication from IAM.one: to IAM.another:")));
            CompletableFuture<?> underWay = run.longPoll(Duration.ofSeconds(2)); // the renewal waits for it
            run.simulation.run(Duration.ofMillis(1_600));
            run.asks();
            run.asks();
            run.simulation.run(Duration.ofSeconds(1));

            assertThat(underWay).isCompleted();
            run.assertAllAnsweredInOrder();
            assertThat(run.events).endsWith("handshake", "disconnected: null", "handshake", "connected");
            run.askFor(Duration.ofSeconds(12), Duration.ofMillis(50));
            run.assertAllAnsweredInOrder();
            assertThat(run.count("connected")).as("the next renewal is taken").isEqualTo(2);
        }
    }

    @Test
    void brokerThatDoesNotFinishARenewalLosesTheConnection() {
        try (RenewalRun run = new RenewalRun("PLAIN")) {
            run.rule(cluster -> cluster.on(SaslAuthenticateRequest.class).ignore());

            run.simulation.run(Duration.ofSeconds(30));

            assertThat(run.events).anyMatch(event -> event.contains("did not renew the session within 10 s"));
            run.askFor(Duration.ofSeconds(1), Duration.ofMillis(100));
            run.assertAllAnsweredInOrder();
        }
    }

    @Test
    void requestThatARenewalHeldUpForTooLongSaysSo() {
        try (RenewalRun run = new RenewalRun("PLAIN")) {
            run.rule(cluster -> cluster.on(SaslAuthenticateRequest.class).ignore());
            run.simulation.run(Duration.ofMillis(9_600)); // renewed after 8.5 to 9.5 s

            CompletableFuture<?> request = run.net.send(new MetadataRequest(), 1, RequestOptions.of(ConnectionClass.GENERAL, Duration.ofSeconds(2)));
            run.simulation.run(Duration.ofSeconds(3));

            assertThat(request).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(RequestTimeoutException.class)
                    .withMessageContaining("was not answered within 2 s: the session was being renewed and it was not sent");
        }
    }

    @Test
    void connectionThatIsLostDuringARenewalIsMadeAgain() {
        try (RenewalRun run = new RenewalRun("SCRAM-SHA-256")) {
            run.rule(cluster -> cluster.on(SaslHandshakeRequest.class).cutBefore());

            run.simulation.run(Duration.ofSeconds(12));

            assertThat(run.events).anyMatch(event -> event.contains("during authentication"));
            run.askFor(Duration.ofSeconds(1), Duration.ofMillis(100));
            run.assertAllAnsweredInOrder();
        }
    }

    @Test
    void requestsGoOnWhileCredentialsAreBeingFetched() {
        CompletableFuture<Boolean> vault = new CompletableFuture<>();
        SlowPlain mechanism = new SlowPlain(vault);
        try (RenewalRun run = new RenewalRun(1, "PLAIN", Map.of("sasl.mechanism.instance", mechanism))) {
            run.simulation.run(Duration.ofMillis(9_200));
            assertThat(mechanism.begun()).isGreaterThan(1);
            assertThat(run.count("handshake")).isEqualTo(1);

            run.asks();
            run.simulation.run(Duration.ofMillis(100));

            run.assertAllAnsweredInOrder();
            run.process.loop().execute(() -> vault.complete(true));
            run.askFor(Duration.ofSeconds(5), Duration.ofMillis(50));
            run.assertAllAnsweredInOrder();
            assertThat(run.count("handshake")).isEqualTo(2);
            assertThat(run.count("connected")).isEqualTo(1);
        }
    }

    @Test
    void requestsOfABrokerThatHasMovedMeanwhileFailUnsentAndDoNotGoWhereItWas() {
        try (RenewalRun run = new RenewalRun(1, 2, Duration.ofSeconds(10), "PLAIN", Map.of())) {
            run.credentials = UserCredentials.of("bob", "t0p");
            run.simulation.run(Duration.ofSeconds(8));
            CompletableFuture<?> underWay = run.longPoll(Duration.ofSeconds(5));
            run.simulation.run(Duration.ofSeconds(2));
            run.asks();
            run.rule(cluster -> cluster.broker(1).moveTo("elsewhere", 9092));
            assertThat(run.simulation.await(run.net.metadata().refresh(), Duration.ofSeconds(2))).isTrue();
            run.simulation.run(Duration.ofSeconds(5));

            assertThat(underWay).isCompleted();
            assertThat(run.failures).singleElement().satisfies(failure -> assertThat(failure)
                    .hasMessageContaining("was not sent: the broker moved to another address"));
            run.failures.clear();
            run.askFor(Duration.ofSeconds(1), Duration.ofMillis(100));
            run.assertAllAnsweredInOrder();
        }
    }
}
