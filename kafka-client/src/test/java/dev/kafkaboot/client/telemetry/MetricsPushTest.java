package dev.kafkaboot.client.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.client.sim.SimulatedNetwork;
import dev.kafkaboot.client.sim.SimulatedProcess;
import dev.kafkaboot.client.sim.Simulation;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.GetTelemetrySubscriptionsRequest;
import dev.kafkaboot.protocol.message.PushTelemetryRequest;
import dev.kafkaboot.protocol.message.PushTelemetryResponse;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.test.fake.FakePush;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When metrics are asked about and pushed, in simulated time: a producer that sends a record a second, and brokers that want this and that of it. */
class MetricsPushTest {

    private static final String TOPIC = "orders";
    private static final String MADE = "org.apache.kafka.producer.connection.creation.total";
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Simulation simulation = new Simulation(714);
    private final AtomicInteger questions = new AtomicInteger();
    private final List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private SimulatedNetwork network = simulation.network(cluster -> cluster.clientMetrics(true));

    @AfterEach
    void end() {
        simulation.close();
    }

    private void want(String metrics) {
        network.tell(cluster -> cluster.telemetry().subscribe("all", Map.of("metrics", metrics, "interval.ms", "" + INTERVAL.toMillis())));
    }

    /** Sends until it is stopped, and closes. */
    private void startProducer() {
        network.tell(cluster -> {
            cluster.createTopic(TOPIC, 1);
            cluster.on(GetTelemetrySubscriptionsRequest.class).always().before(request -> questions.incrementAndGet());
        });
        simulation.process("application", network, Map.of(), process -> {
            try (KafkaProducer<String, String> producer = producer(process)) {
                while (!stopped.get()) {
                    sent.add(producer.send(TOPIC, "value"));
                    simulation.sleep(Duration.ofSeconds(1));
                }
            }
            closed.set(true);
        });
    }

    private static KafkaProducer<String, String> producer(SimulatedProcess process) {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).connections(process.connections()).build();
    }

    private List<FakePush> pushes() {
        return network.<List<FakePush>>ask(cluster -> cluster.telemetry().pushes());
    }

    private static ReadMetrics read(FakePush push) {
        return ReadMetrics.of(push.metrics().toByteArray());
    }

    private static Duration between(FakePush one, FakePush next) {
        return Duration.ofNanos(next.nanos() - one.nanos());
    }

    private void stop() {
        stopped.set(true);
        assertThat(simulation.runUntil(closed::get, Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void brokersThatDoNotTakeMetricsAreNotAsked() {
        network = simulation.network(cluster -> cluster);
        startProducer();

        simulation.run(Duration.ofMinutes(20));
        stop();

        assertThat(questions).hasValue(0);
        assertThat(sent).allSatisfy(each -> assertThat(each).isCompleted());
    }

    @Test
    void whatIsWantedIsPushedAtIntervalsTheFirstTimeAfterHalfToOneAndAHalf() {
        want("org.apache.kafka.producer.");
        startProducer();
        long began = simulation.nowNanos();

        simulation.run(Duration.ofSeconds(63));

        List<FakePush> pushes = pushes();
        assertThat(pushes).hasSizeBetween(5, 6);
        assertThat(Duration.ofNanos(pushes.get(0).nanos() - began)).isBetween(INTERVAL.dividedBy(2), INTERVAL.multipliedBy(3).dividedBy(2).plusSeconds(1));
        for (int i = 1; i < pushes.size(); i++) {
            assertThat(between(pushes.get(i - 1), pushes.get(i))).isBetween(INTERVAL, INTERVAL.plusSeconds(1));
        }
        assertThat(pushes).extracting(FakePush::clientInstanceId).containsOnly(pushes.get(0).clientInstanceId()).doesNotContain(Uuid.ZERO);
        assertThat(pushes).extracting(FakePush::compressionType).containsOnly((byte) CompressionType.ZSTD.id());
        assertThat(questions).as("questions, as nothing has changed").hasValue(1);
        assertThat(read(pushes.get(1)).metrics()).containsKeys(
                "org.apache.kafka.producer.connection.creation.rate", MADE, "org.apache.kafka.producer.node.request.latency.avg",
                "org.apache.kafka.producer.node.request.latency.max", "org.apache.kafka.producer.record.queue.time.avg",
                "org.apache.kafka.producer.produce.throttle.time.max");
        assertThat(read(pushes.get(1)).metric("org.apache.kafka.producer.node.request.latency.avg").values()).containsOnlyKeys(Map.of("node_id", "node-1"));
    }

    @Test
    void nothingElseThanWhatIsWantedIsPushed() {
        want("org.apache.kafka.producer.record.queue.");
        startProducer();

        simulation.run(Duration.ofSeconds(30));

        assertThat(read(pushes().get(0)).metrics()).containsOnlyKeys(
                "org.apache.kafka.producer.record.queue.time.avg", "org.apache.kafka.producer.record.queue.time.max");
    }

    @Test
    void whereNothingIsWantedItIsAskedAgainAtIntervals() {
        startProducer();

        simulation.run(Duration.ofMinutes(16));
        int whileNothingWasWanted = questions.get();
        want("*");
        simulation.run(Duration.ofMinutes(6));

        assertThat(whileNothingWasWanted).as("questions in 16 minutes, at intervals of five").isEqualTo(4);
        assertThat(pushes()).isNotEmpty();
    }

    @Test
    void whereNoMetricIsOfTheNamesThatAreWantedItIsAskedAgainAtIntervals() {
        want("org.apache.kafka.consumer.");
        startProducer();

        simulation.run(Duration.ofSeconds(65));

        assertThat(questions.get()).isBetween(4, 7);
        assertThat(pushes()).isEmpty();
    }

    @Test
    void subscriptionThatHasChangedIsAskedForAtOnceAndThenFollowed() {
        want("org.apache.kafka.producer.");
        startProducer();

        simulation.run(Duration.ofSeconds(25));
        int before = pushes().size();
        want(MADE);
        simulation.run(Duration.ofSeconds(60));

        List<FakePush> pushes = pushes();
        assertThat(questions).hasValue(2);
        assertThat(pushes.size()).isGreaterThan(before + 2);
        assertThat(read(pushes.get(before)).metrics()).containsOnlyKeys(MADE);
        assertThat(pushes.get(before).subscriptionId()).isNotEqualTo(pushes.get(0).subscriptionId());
        assertThat(pushes).extracting(FakePush::clientInstanceId).containsOnly(pushes.get(0).clientInstanceId());
    }

    @Test
    void pushThatIsTooLargeIsFollowedByASmallerOne() {
        AtomicInteger refused = new AtomicInteger();
        want("*");
        network.tell(cluster -> {
            cluster.telemetry().compressionTypes(List.of());
            cluster.on(PushTelemetryRequest.class).times(1).reply(request -> {
                refused.set(request.metrics().size());
                return new PushTelemetryResponse().errorCode(ErrorCode.TELEMETRY_TOO_LARGE.code());
            });
        });
        startProducer();

        simulation.run(Duration.ofSeconds(45));

        assertThat(pushes()).isNotEmpty().allSatisfy(push -> assertThat(push.metrics().size()).isBetween(1, refused.get() / 2));
    }

    @Test
    void pushHoldsNoMoreThanTheBrokerTakes() {
        want("*");
        network.tell(cluster -> {
            cluster.telemetry().compressionTypes(List.of());
            cluster.telemetry().maxBytes(300);
        });
        startProducer();

        simulation.run(Duration.ofSeconds(45));

        assertThat(pushes()).hasSizeGreaterThan(2).allSatisfy(push -> assertThat(push.metrics().size()).isBetween(1, 300));
    }

    @Test
    void compressionThatIsRefusedIsNotUsedAgain() {
        want("*");
        network.tell(cluster -> cluster.on(PushTelemetryRequest.class).times(1).fail(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE));
        startProducer();

        simulation.run(Duration.ofMinutes(12));

        assertThat(pushes()).hasSizeGreaterThan(2).extracting(FakePush::compressionType).containsOnly((byte) CompressionType.LZ4.id());
    }

    @ParameterizedTest
    @EnumSource(value = ErrorCode.class, names = {"THROTTLING_QUOTA_EXCEEDED", "UNKNOWN_SERVER_ERROR", "CLUSTER_AUTHORIZATION_FAILED", "TELEMETRY_TOO_LARGE"})
    void errorThatMayPassIsFollowedByAnotherPushAfterAnIntervalAtLeast(ErrorCode error) {
        AtomicInteger attempts = new AtomicInteger();
        want("*");
        network.tell(cluster -> cluster.on(PushTelemetryRequest.class).times(3).reply(request -> {
            attempts.incrementAndGet();
            return new PushTelemetryResponse().errorCode(error.code());
        }));
        startProducer();

        simulation.run(Duration.ofMinutes(1));
        int inAMinute = attempts.get() + pushes().size();
        simulation.run(Duration.ofMinutes(10));

        assertThat(inAMinute).isLessThanOrEqualTo(6);
        assertThat(pushes()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = ErrorCode.class, names = {"INVALID_RECORD", "INVALID_REQUEST", "UNSUPPORTED_VERSION"})
    void errorThatIsThisClientsFaultEndsPushes(ErrorCode error) {
        want("*");
        network.tell(cluster -> cluster.on(PushTelemetryRequest.class).times(1).fail(error));
        startProducer();

        simulation.run(Duration.ofMinutes(10));
        stop();

        assertThat(pushes()).isEmpty();
        assertThat(questions).hasValue(1);
        assertThat(sent).allSatisfy(each -> assertThat(each).isCompleted());
    }

    @Test
    void countsAreToldSinceThePushThatWasTakenBefore() {
        want(MADE);
        startProducer();

        simulation.run(Duration.ofSeconds(25));
        network.tell(cluster -> cluster.broker(1).cutConnections());
        simulation.run(Duration.ofSeconds(25));

        List<FakePush> pushes = pushes();
        double told = pushes.stream().mapToDouble(push -> read(push).value(MADE)).sum();
        assertThat(read(pushes.get(0)).metric(MADE).kind()).isEqualTo("MONOTONIC DELTA");
        assertThat(told).as("connections of this producer's own").isEqualTo(2);
    }

    @Test
    void countsAreToldSinceTheClientBeganWhereThatIsWanted() {
        want(MADE);
        network.tell(cluster -> cluster.telemetry().deltaTemporality(false));
        startProducer();

        simulation.run(Duration.ofSeconds(40));

        assertThat(pushes()).hasSizeGreaterThan(2).allSatisfy(push -> {
            assertThat(read(push).metric(MADE).kind()).isEqualTo("MONOTONIC CUMULATIVE");
            assertThat(read(push).value(MADE)).isEqualTo(1);
        });
    }

    @Test
    void lastPushIsToldToBeTheLast() {
        want("*");
        startProducer();

        simulation.run(Duration.ofSeconds(3));
        stop();

        assertThat(pushes()).singleElement().satisfies(push -> assertThat(push.terminating()).isTrue());
        assertThat(read(pushes().get(0)).metrics()).containsKey(MADE);
    }

    @Test
    void closeDoesNotWaitForABrokerThatDoesNotTakeTheLastPush() {
        want("*");
        network.tell(cluster -> cluster.on(PushTelemetryRequest.class).always().ignore());
        startProducer();

        simulation.run(Duration.ofSeconds(3));
        long began = simulation.nowNanos();
        stop();

        assertThat(Duration.ofNanos(simulation.nowNanos() - began)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void clientsOnSharedConnectionsAreInstancesOfTheirOwn() {
        want("*");
        network.tell(cluster -> cluster.createTopic(TOPIC, 1));
        List<Uuid> ids = new ArrayList<>();
        simulation.process("application", network, Map.of(), process -> {
            try (KafkaProducer<String, String> one = producer(process); KafkaProducer<String, String> other = producer(process);
                    KafkaAdminClient admin = KafkaAdminClient.builder().connections(process.connections()).build()) {
                process.loop().await(CompletableFuture.allOf(one.send(TOPIC, "1"), other.send(TOPIC, "2"), admin.topics().list()), Duration.ofSeconds(5));
                ids.add(one.clientInstanceId(Duration.ofSeconds(5)));
                ids.add(other.clientInstanceId(Duration.ofSeconds(5)));
                CompletableFuture<Uuid> ofAdmin = admin.clientInstanceId(Duration.ofSeconds(5));
                process.loop().await(ofAdmin, Duration.ofSeconds(5));
                ids.add(ofAdmin.join());
                simulation.sleep(Duration.ofSeconds(20));
            }
            closed.set(true);
        });

        assertThat(simulation.runUntil(closed::get, Duration.ofMinutes(1))).isTrue();

        assertThat(ids).hasSize(3).doesNotHaveDuplicates();
        assertThat(pushes()).extracting(FakePush::clientInstanceId).containsAll(ids);
        assertThat(pushes()).filteredOn(push -> push.clientInstanceId().equals(ids.get(2)))
                .anySatisfy(push -> assertThat(read(push).metrics()).containsKey("org.apache.kafka.admin.client.node.request.latency.avg"));
    }

    @Test
    void clientThatNeedsNoMetadataAsksTheBrokerAtItsBootstrapAddress() {
        want("*");
        simulation.process("application", network, Map.of(), process -> {
            try (KafkaAdminClient admin = KafkaAdminClient.builder().connections(process.connections()).build()) {
                for (int i = 0; i < 30; i++) {
                    process.loop().await(admin.topics().list(), Duration.ofSeconds(5));
                    simulation.sleep(Duration.ofSeconds(1));
                }
            }
            closed.set(true);
        });

        assertThat(simulation.runUntil(closed::get, Duration.ofMinutes(1))).isTrue();

        assertThat(pushes()).hasSizeGreaterThan(1)
                .allSatisfy(push -> assertThat(read(push).metrics()).containsKey("org.apache.kafka.admin.client.node.request.latency.avg"));
    }

    @Test
    void instanceIdIsWaitedForNoLongerThanTheLimit() {
        network = simulation.network(cluster -> cluster);
        simulation.process("application", network, Map.of(), process -> {
            try (KafkaProducer<String, String> producer = producer(process);
                    KafkaProducer<String, String> silent = KafkaProducer.builder(Serializers.string(), Serializers.string())
                            .connections(process.connections()).config("enable.metrics.push", false).build()) {
                assertThatThrownBy(() -> producer.clientInstanceId(Duration.ofSeconds(2)))
                        .isInstanceOf(TimeoutException.class).hasMessageContaining("no broker that takes metrics");
                assertThatThrownBy(() -> silent.clientInstanceId(Duration.ofSeconds(2)))
                        .isInstanceOf(IllegalStateException.class).hasMessageContaining("enable.metrics.push");
            }
            closed.set(true);
        });

        assertThat(simulation.runUntil(closed::get, Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void instanceIdIsNotWaitedForWhenNoBrokerWillGiveIt() {
        network.tell(cluster -> cluster.on(GetTelemetrySubscriptionsRequest.class).times(1).fail(ErrorCode.INVALID_REQUEST));
        simulation.process("application", network, Map.of(), process -> {
            try (KafkaAdminClient admin = KafkaAdminClient.builder().connections(process.connections()).build()) {
                process.loop().await(admin.topics().list(), Duration.ofSeconds(5));
                long began = simulation.nowNanos();
                CompletableFuture<Uuid> id = admin.clientInstanceId(Duration.ofSeconds(30));
                process.loop().await(id, Duration.ofMinutes(1));

                assertThat(id).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(KafkaException.class)
                        .withMessageContaining("with INVALID_REQUEST, and none is asked again");
                assertThat(simulation.nowNanos() - began).isLessThan(Duration.ofSeconds(5).toNanos());
            }
            closed.set(true);
        });

        assertThat(simulation.runUntil(closed::get, Duration.ofMinutes(2))).isTrue();
    }

    @Test
    void whoeverGaveUpWaitingForTheInstanceIdIsForgotten() {
        network = simulation.network(cluster -> cluster);
        simulation.process("application", network, Map.of(), process -> {
            ClientConnections connections = ClientConnections.of(ClientConfig.of(CommonConfig.KEYS, Map.of()), process.connections());
            PushContents contents = new PushContents(process.loop(), Map::of, List.of(), new ApplicationMetrics(process.loop(), "org.apache.kafka.producer."));
            MetricsPush push = new MetricsPush(connections, contents, Duration.ofSeconds(1));
            CompletableFuture<Uuid> stays = push.identity();
            for (int i = 0; i < 10; i++) {
                push.identity().completeExceptionally(new TimeoutException("given up"));
            }

            assertThat(push.waiters()).containsExactly(stays);
            closed.set(true);
        });

        assertThat(simulation.runUntil(closed::get, Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void brokersThatComeAndGoGetNoMoreThanTheirShare() {
        network = simulation.network(cluster -> cluster.brokers(3).clientMetrics(true));
        want("*");
        startProducer();

        for (int i = 0; i < 60; i++) {
            int broker = 1 + i % 3;
            simulation.run(Duration.ofSeconds(9));
            network.tell(cluster -> cluster.broker(broker).kill());
            simulation.run(Duration.ofSeconds(3));
            network.tell(cluster -> cluster.broker(broker).start());
        }
        stop();

        assertThat(sent).allSatisfy(each -> assertThat(each).isCompleted());
        assertThat(pushes()).hasSizeBetween(5, 72 + 1);
        assertThat(questions.get()).isLessThan(72);
    }
}
