package dev.kafkaboot.spring.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No broker is needed: who connects where is decided before anything is connected. */
class SharedConnectionsTests {

    private static final Map<String, Object> CONFIG = Map.of("bootstrap.servers", "127.0.0.1:1");

    private final ConnectionManager main = ConnectionManager.connect("127.0.0.1:1");
    private final SharedConnections shared = new SharedConnections(main, CONFIG);

    @AfterEach
    void close() {
        shared.close();
        main.close();
    }

    @Test
    void clientsThatConnectInTheSameWayShareConnections() {
        assertThat(shared.connectionsFor(CONFIG)).isSameAs(main);
        assertThat(shared.connectionsFor(Map.of("client.id", "b", "group.id", "g", "request.timeout.ms", 7))).isSameAs(main);
        assertThat(shared.connectionsFor(Map.of("security.protocol", "PLAINTEXT", "reconnect.backoff.ms", "50"))).isSameAs(main);

        ConnectionManager other = shared.connectionsFor(Map.of("bootstrap.servers", "127.0.0.1:2"));

        assertThat(other).isNotSameAs(main);
        assertThat(shared.connectionsFor(Map.of("bootstrap.servers", List.of("127.0.0.1:2"), "client.id", "c"))).isSameAs(other);
        assertThat(shared.all()).containsExactly(main, other);
    }

    @Test
    void serversAreTheUsualOnesForAClientThatOnlyConnectsInAnotherWay() {
        ConnectionManager other = shared.connectionsFor(Map.of("reconnect.backoff.ms", "7"));

        assertThat(other).isNotSameAs(main);
        assertThat(other.loop().isRunning()).isTrue();
    }

    @Test
    void overridesOfAConsumerThatConcernConnectionsHaveEffect() {
        DefaultKafkaConsumerFactory<String, String> factory =
                new DefaultKafkaConsumerFactory<>(shared, CONFIG, Serializers.string(), Serializers.string());

        factory.createBytesConsumer(Map.of("group.id", "g")).close(Duration.ZERO);
        assertThat(shared.all()).containsExactly(main);
        factory.createBytesConsumer(Map.of("group.id", "g", "bootstrap.servers", "127.0.0.1:2")).close(Duration.ZERO);

        assertThat(shared.all()).hasSize(2);
    }

    @Test
    void clientThatDoesNotFitTheGivenConnectionsHasItsOwn() {
        ConnectionSource source = ConnectionSource.of(main, Map.of());

        assertThat(source.connectionsFor(Map.of("group.id", "g"))).isSameAs(main);
        assertThat(source.connectionsFor(Map.of("bootstrap.servers", "127.0.0.1:2"))).isNull();
    }

    @Test
    void observersHearOfAllConnectionsThereAreAndThoseThatCome() {
        List<ConnectionManager> heard = new ArrayList<>();
        shared.observe(heard::add);

        ConnectionManager other = shared.connectionsFor(Map.of("bootstrap.servers", "127.0.0.1:2"));

        assertThat(heard).containsExactly(main, other);
    }

    @Test
    void closeEndsWhatWasOpenedHereAndNothingElse() {
        ConnectionManager other = shared.connectionsFor(Map.of("bootstrap.servers", "127.0.0.1:2"));

        shared.close();

        assertThat(other.loop().isRunning()).isFalse();
        assertThat(main.loop().isRunning()).isTrue();
    }
}
