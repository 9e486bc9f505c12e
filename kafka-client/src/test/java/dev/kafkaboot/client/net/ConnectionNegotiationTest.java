package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.net.LoopbackServer.answerAll;
import static dev.kafkaboot.client.net.LoopbackServer.drain;
import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.ListGroupsRequest;
import dev.kafkaboot.protocol.message.ListGroupsResponse;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a connection and its broker agree on before the first request, and in which version each is sent. */
@Timeout(60)
class ConnectionNegotiationTest {

    private static final MetadataResponse GOOD = new MetadataResponse().clusterId("good");

    @Test
    void brokerThatDoesNotKnowOurApiVersionsIsAskedInOneThatItKnows() throws IOException {
        List<Short> asked = new ArrayList<>();
        LoopbackServer.Script older = (socket, number) -> {
            LoopbackServer.Request first = read(socket);
            asked.add(first.version());
            ApiVersionsResponse refusal = new ApiVersionsResponse()
                    .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                    .apiKeys(List.of(new ApiVersionsResponse.ApiVersion().apiKey(ApiKey.API_VERSIONS.id()).minVersion((short) 0).maxVersion((short) 2)));
            write(socket, frame(first.correlationId(), (short) 0, refusal, (short) 0));
            LoopbackServer.Request second = read(socket);
            asked.add(second.version());
            write(socket, frame(second, LoopbackServer.versions()));
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(older); PoolUnderTest client = new PoolUnderTest()) {
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);

            assertThat(asked).containsExactly(ApiKey.API_VERSIONS.highestVersion(), (short) 2);
        }
    }

    /** Before Kafka 2.4 a broker named no versions in its refusal. */
    @Test
    void brokerThatRefusesOurApiVersionsAndNamesNoneIsAskedInTheFirst() throws IOException {
        List<Short> asked = new ArrayList<>();
        LoopbackServer.Script oldest = (socket, number) -> {
            LoopbackServer.Request first = read(socket);
            ApiVersionsResponse refusal = new ApiVersionsResponse().errorCode(ErrorCode.UNSUPPORTED_VERSION.code());
            write(socket, frame(first.correlationId(), (short) 0, refusal, (short) 0));
            LoopbackServer.Request second = read(socket);
            asked.add(second.version());
            write(socket, frame(second, LoopbackServer.versions()));
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(oldest); PoolUnderTest client = new PoolUnderTest()) {
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);

            assertThat(asked).containsExactly((short) 0);
        }
    }

    @Test
    void brokerIsToldTheNameAndTheVersionOfTheBuild() throws IOException {
        CompletableFuture<ApiVersionsRequest> told = new CompletableFuture<>();
        LoopbackServer.Script listening = (socket, number) -> {
            LoopbackServer.Received received = LoopbackServer.receive(socket);
            ApiVersionsRequest request = new ApiVersionsRequest();
            request.read(received.body(), received.request().version());
            told.complete(request);
            write(socket, frame(received.request(), LoopbackServer.versions()));
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(listening); PoolUnderTest client = new PoolUnderTest()) {
            client.send(new MetadataRequest(), server.port()).join();

            assertThat(told.join().clientSoftwareName()).isEqualTo("kafkaboot");
            assertThat(told.join().clientSoftwareVersion()).matches("[0-9]+\\.[0-9]+\\.[a-zA-Z0-9.-]*[a-zA-Z0-9]");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.2.3, 1.2.3", "0.1.0-SNAPSHOT, 0.1.0-SNAPSHOT", "1.0+build_7, 1.0-build-7", "'-1.0.', 1.0", "'${project.version}', project.version",
            "'', unknown", "'...', unknown"})
    void versionHasOnlyTheCharactersThatBrokersTake(String version, String told) {
        assertThat(Software.valid(version)).isEqualTo(told).matches("[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?");
    }

    @Test
    void requestThatTheBrokerDoesNotKnowFailsAloneAndNamesBothSides() throws IOException {
        LoopbackServer.Script withoutGroups = (socket, number) -> {
            negotiate(socket, ApiKey.LIST_GROUPS);
            answerAll(socket, GOOD);
        };
        try (LoopbackServer server = LoopbackServer.start(withoutGroups); PoolUnderTest client = new PoolUnderTest()) {
            assertThatThrownBy(() -> client.send(new ListGroupsRequest(), server.port()).join())
                    .hasCauseInstanceOf(UnsupportedVersionException.class)
                    .hasMessageContaining("LIST_GROUPS cannot be sent to broker 1 (127.0.0.1:" + server.port() + ")")
                    .hasMessageContaining("this client speaks versions 0 to ")
                    .hasMessageContaining("the broker does not know it");
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void highestVersionThatBothKnowIsTakenUnlessTheRequestHasACeiling() throws IOException {
        BlockingQueue<Short> versions = new LinkedBlockingQueue<>();
        LoopbackServer.Script recording = (socket, number) -> {
            negotiate(socket);
            while (true) {
                LoopbackServer.Request request = read(socket);
                versions.add(request.version());
                write(socket, frame(request, GOOD));
            }
        };
        try (LoopbackServer server = LoopbackServer.start(recording); PoolUnderTest client = new PoolUnderTest()) {
            RequestOptions options = RequestOptions.of(ConnectionClass.GENERAL, PoolUnderTest.LIMIT);
            Node node = PoolUnderTest.node(server.port());

            client.send(new MetadataRequest(), node, options).join();
            client.send(new MetadataRequest(), node, options.upToVersion(9)).join();

            assertThat(versions).containsExactly(ApiKey.METADATA.highestVersion(), (short) 9);
        }
    }

    @Test
    void authenticatorRunsAfterTheNegotiationAndBeforeAnyRequest() throws IOException {
        List<ApiKey> order = new ArrayList<>();
        LoopbackServer.Script recording = (socket, number) -> {
            negotiate(socket);
            LoopbackServer.Request first = read(socket);
            order.add(first.api());
            write(socket, frame(first, new ListGroupsResponse()));
            LoopbackServer.Request second = read(socket);
            order.add(second.api());
            write(socket, frame(second, GOOD));
            drain(socket);
        };
        Authenticator asksForGroups = exchange -> exchange.send(new ListGroupsRequest()).thenApply(reply -> null);
        try (LoopbackServer server = LoopbackServer.start(recording); PoolUnderTest client = new PoolUnderTest(PoolUnderTest.settings(SocketOptions.DEFAULT, asksForGroups))) {
            assertThat(client.send(new MetadataRequest(), server.port()).join()).isEqualTo(GOOD);

            assertThat(order).containsExactly(ApiKey.LIST_GROUPS, ApiKey.METADATA);
        }
    }

    @Test
    void refusedAuthenticationIsWhatTheRequestsFailWith() throws IOException {
        AuthenticationException refused = new AuthenticationException("no such user");
        LoopbackServer.Script negotiating = (socket, number) -> {
            negotiate(socket);
            drain(socket);
        };
        try (LoopbackServer server = LoopbackServer.start(negotiating);
                PoolUnderTest client = new PoolUnderTest(PoolUnderTest.settings(SocketOptions.DEFAULT, exchange -> CompletableFuture.failedFuture(refused)))) {
            assertThatThrownBy(() -> client.send(new MetadataRequest(), server.port()).join()).cause().isSameAs(refused);
        }
    }

    @Test
    void brokerThatHasRefusedTheCredentialsIsNotAskedAgainBeforeItsPauseIsOver() throws IOException {
        AtomicInteger attempts = new AtomicInteger();
        Authenticator wrongPassword = exchange -> {
            attempts.incrementAndGet();
            return CompletableFuture.failedFuture(new AuthenticationException("wrong password"));
        };
        LoopbackServer.Script negotiating = (socket, number) -> {
            negotiate(socket);
            drain(socket);
        };
        ConnectionSettings patient = PoolUnderTest.settings(SocketOptions.DEFAULT, wrongPassword)
                .withReconnect(new Backoff(Duration.ofHours(1), Duration.ofHours(1)));
        try (LoopbackServer server = LoopbackServer.start(negotiating); PoolUnderTest client = new PoolUnderTest(patient)) {
            for (int call = 0; call < 3; call++) {
                assertThatThrownBy(() -> client.send(new MetadataRequest(), server.port()).join())
                        .cause().isInstanceOf(AuthenticationException.class).hasMessage("wrong password");
            }

            assertThat(attempts).hasValue(1);
        }
    }
}
