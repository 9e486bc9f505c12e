package dev.kafkaboot.client.cluster;

import static dev.kafkaboot.client.net.LoopbackServer.frame;
import static dev.kafkaboot.client.net.LoopbackServer.negotiate;
import static dev.kafkaboot.client.net.LoopbackServer.read;
import static dev.kafkaboot.client.net.LoopbackServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.net.BrokerState;
import dev.kafkaboot.client.net.LoopbackServer;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.message.FindCoordinatorResponse;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is noticed of a cluster by itself, and what is asked again, against a server that answers as it is told. */
@Timeout(60)
class LostBrokerTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final AtomicInteger port = new AtomicInteger();
    private final AtomicInteger metadataRequests = new AtomicInteger();
    private final AtomicInteger lookups = new AtomicInteger();
    private IntFunction<ErrorCode> coordinatorErrors = attempt -> ErrorCode.NONE;

    private LoopbackServer cluster() {
        LoopbackServer server = LoopbackServer.start((socket, number) -> {
            negotiate(socket);
            while (true) {
                LoopbackServer.Request request = read(socket);
                write(socket, frame(request, answer(request)));
            }
        });
        port.set(server.port());
        return server;
    }

    private ResponseMessage answer(LoopbackServer.Request request) {
        return switch (request.api()) {
            case METADATA -> {
                metadataRequests.incrementAndGet();
                yield new MetadataResponse().controllerId(1).clusterId("c").brokers(List.of(
                        new MetadataResponse.MetadataResponseBroker().nodeId(1).host("127.0.0.1").port(port.get())));
            }
            case FIND_COORDINATOR -> new FindCoordinatorResponse().coordinators(List.of(new FindCoordinatorResponse.Coordinator()
                    .key("g").nodeId(1).host("127.0.0.1").port(port.get())
                    .errorCode(coordinatorErrors.apply(lookups.getAndIncrement()).code())));
            default -> throw new IllegalStateException("Not expected: " + request);
        };
    }

    private static void until(ConnectionManager net, Predicate<List<BrokerState>> condition) {
        CompletableFuture<Boolean> met = new CompletableFuture<>();
        net.loop().execute(() -> look(net, condition, met));
        assertThat(net.loop().await(met, LIMIT)).isTrue();
    }

    private static void look(ConnectionManager net, Predicate<List<BrokerState>> condition, CompletableFuture<Boolean> met) {
        if (condition.test(net.state())) {
            met.complete(true);
        } else {
            net.loop().schedule(Duration.ofMillis(2), () -> look(net, condition, met));
        }
    }

    @Test
    void brokerThatGoesDownWhileNothingIsUnderWayIsNoticed() throws IOException {
        try (LoopbackServer server = cluster(); ConnectionManager net = ConnectionManager.connect("127.0.0.1:" + server.port())) {
            net.metadata().refresh().join();
            net.send(new MetadataRequest(), 1).join();
            until(net, states -> states.stream().anyMatch(BrokerState::isConnected));

            server.goDown();

            until(net, states -> states.stream().anyMatch(state -> state.broker().id() == 1 && state.isFailed()));
            assertThat(net.state()).extracting(BrokerState::lastError).contains("refused the connection");
        }
    }

    @Test
    void refreshesThatComeTogetherCostOneRequest() throws IOException {
        try (LoopbackServer server = cluster(); ConnectionManager net = ConnectionManager.connect("127.0.0.1:" + server.port())) {
            CompletableFuture<?>[] refreshes = new CompletableFuture<?>[100];
            net.handOver(() -> {
                for (int i = 0; i < refreshes.length; i++) {
                    refreshes[i] = net.metadata().refresh();
                }
                return CompletableFuture.allOf(refreshes);
            }).join();

            assertThat(metadataRequests).hasValue(1);
        }
    }

    @Test
    void coordinatorThatIsNotAvailableIsLookedForAgainAndThenKept() throws IOException {
        coordinatorErrors = attempt -> attempt < 2 ? ErrorCode.COORDINATOR_NOT_AVAILABLE : ErrorCode.NONE;
        try (LoopbackServer server = cluster(); ConnectionManager net = ConnectionManager.connect("127.0.0.1:" + server.port())) {
            Node found = net.handOver(() -> net.coordinators().find(CoordinatorType.GROUP, "g", LIMIT)).join();
            Node again = net.handOver(() -> net.coordinators().find(CoordinatorType.GROUP, "g", LIMIT)).join();

            assertThat(found.port()).isEqualTo(server.port());
            assertThat(again).isEqualTo(found);
            assertThat(lookups).hasValue(3);

            net.handOver(() -> {
                net.coordinators().invalidate(CoordinatorType.GROUP, "g", /* nodeId= */ 2); // another one: nothing is forgotten
                return net.coordinators().find(CoordinatorType.GROUP, "g", LIMIT);
            }).join();
            assertThat(lookups).hasValue(3);
            net.handOver(() -> {
                net.coordinators().invalidate(CoordinatorType.GROUP, "g", /* nodeId= */ 1);
                return net.coordinators().find(CoordinatorType.GROUP, "g", LIMIT);
            }).join();
            assertThat(lookups).hasValue(4);
        }
    }

    @Test
    void coordinatorThatIsNotFoundWithinTheLimitIsAnErrorWithTheLastReason() throws IOException {
        coordinatorErrors = attempt -> ErrorCode.COORDINATOR_NOT_AVAILABLE;
        try (LoopbackServer server = cluster(); ConnectionManager net = ConnectionManager.connect("127.0.0.1:" + server.port())) {
            assertThatThrownBy(() -> net.handOver(() -> net.coordinators().find(CoordinatorType.GROUP, "g", Duration.ofMillis(400))).join())
                    .hasCauseInstanceOf(TimeoutException.class)
                    .hasMessageContaining("The coordinator of group 'g' was not found within 400 ms: group 'g': COORDINATOR_NOT_AVAILABLE");
        }
    }

    @Test
    void coordinatorThatMayNotBeSeenIsAnErrorAtOnce() throws IOException {
        coordinatorErrors = attempt -> ErrorCode.GROUP_AUTHORIZATION_FAILED;
        try (LoopbackServer server = cluster(); ConnectionManager net = ConnectionManager.connect("127.0.0.1:" + server.port())) {
            assertThatThrownBy(() -> net.handOver(() -> net.coordinators().find(CoordinatorType.GROUP, "g", LIMIT)).join())
                    .hasMessageContaining("GROUP_AUTHORIZATION_FAILED");
            assertThat(lookups).hasValue(1);
        }
    }
}
