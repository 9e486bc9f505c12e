package dev.kafkaboot.client.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.client.sim.SimulatedNetwork;
import dev.kafkaboot.client.sim.Simulation;
import dev.kafkaboot.test.fake.FakePush;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an application registers with a producer, in simulated time: when and how it reaches brokers that ask for it (KIP-1076). */
class ApplicationMetricsPushTest {

    private static final String OPEN = "shop.orders.open";
    private static final String TOTAL = "shop.orders.total";
    private static final String MADE = "org.apache.kafka.producer.connection.creation.total";

    private final Simulation simulation = new Simulation(1076);
    private final SimulatedNetwork network = simulation.network(cluster -> cluster.clientMetrics(true));
    private final AtomicInteger orders = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    @AfterEach
    void end() {
        simulation.close();
    }

    /** A producer sends a record a second for so long, and takes an order with each, while brokers want this or that every ten seconds. */
    private void run(String wanted, Duration time, Consumer<ApplicationMetrics> application) {
        simulation.log().keepAll();
        network.tell(cluster -> {
            cluster.createTopic("orders", 1);
            cluster.telemetry().subscribe("all", Map.of("metrics", wanted, "interval.ms", "10000"));
        });
        simulation.process("application", network, Map.of(), process -> {
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                    .connections(process.connections()).build()) {
                application.accept(producer.applicationMetrics());
                for (long second = 0; second < time.toSeconds(); second++) {
                    producer.send("orders", "value");
                    orders.incrementAndGet();
                    simulation.sleep(Duration.ofSeconds(1));
                }
            }
            closed.set(true);
        });
        assertThat(simulation.runUntil(closed::get, time.plusSeconds(10))).isTrue();
    }

    private List<ReadMetrics> pushes() {
        return network.<List<FakePush>>ask(cluster -> cluster.telemetry().pushes()).stream().map(push -> ReadMetrics.of(push.metrics().toByteArray())).toList();
    }

    private List<String> warnings() {
        return simulation.log().all().stream().filter(line -> line.contains(": WARN ")).toList();
    }

    @Test
    void metricsOfTheApplicationArePushedWithTheClientsOwnAndTheLastTimeToo() {
        run("*", Duration.ofSeconds(35), metrics -> {
            metrics.register(ApplicationMetric.gauge(OPEN, orders::get).describedAs("Orders that are open").label("region", "eu"));
            metrics.register(ApplicationMetric.counter(TOTAL, orders::get));
        });

        assertThat(pushes()).hasSizeGreaterThan(2).allSatisfy(push -> assertThat(push.metrics()).containsKeys(OPEN, TOTAL, MADE));
        ReadMetrics last = pushes().get(pushes().size() - 1);
        assertThat(last.metric(OPEN).kind()).isEqualTo("GAUGE");
        assertThat(last.metric(OPEN).values()).isEqualTo(Map.of(Map.of("region", "eu"), 35.0));
        assertThat(last.metric(OPEN).description()).isEqualTo("Orders that are open");
        assertThat(last.metric(TOTAL).kind()).isEqualTo("MONOTONIC DELTA");
        assertThat(pushes().stream().mapToDouble(push -> push.value(TOTAL)).sum()).isEqualTo(35);
    }

    @Test
    void onlyWhatTheOperatorWantsIsPushed() {
        run(OPEN, Duration.ofSeconds(25), metrics -> {
            metrics.register(ApplicationMetric.gauge(OPEN, orders::get));
            metrics.register(ApplicationMetric.counter(TOTAL, orders::get));
        });

        assertThat(pushes()).isNotEmpty().allSatisfy(push -> assertThat(push.metrics()).containsOnlyKeys(OPEN));
    }

    @Test
    void metricThatWasTakenAwayIsPushedNoMore() {
        AtomicBoolean removed = new AtomicBoolean();
        run("*", Duration.ofSeconds(35), metrics -> {
            Registration[] registration = new Registration[1];
            registration[0] = metrics.register(ApplicationMetric.gauge(OPEN, () -> {
                registration[0].remove(); // while it is asked for
                removed.set(true);
                return 1;
            }));
        });

        assertThat(removed).isTrue();
        assertThat(pushes()).hasSizeGreaterThan(1);
        assertThat(pushes().get(0).metrics()).containsKey(OPEN);
        assertThat(pushes().subList(1, pushes().size())).allSatisfy(push -> assertThat(push.metrics()).doesNotContainKey(OPEN).containsKey(MADE));
    }

    @Test
    void metricThatThrowsCostsItselfAndOneWarning() {
        run("*", Duration.ofSeconds(45), metrics -> {
            metrics.register(ApplicationMetric.gauge("shop.broken", () -> {
                throw new AssertionError("no table");
            }));
            metrics.register(ApplicationMetric.gauge(OPEN, orders::get));
        });

        assertThat(pushes()).hasSizeGreaterThan(2).allSatisfy(push -> assertThat(push.metrics()).containsKeys(OPEN, MADE).doesNotContainKey("shop.broken"));
        assertThat(warnings()).singleElement().asString().contains("The application's metric shop.broken threw java.lang.AssertionError: no table");
    }

    @Test
    void countThatBeginsAnewIsToldFromItsBeginning() {
        run("shop.", Duration.ofSeconds(45), metrics -> metrics.register(ApplicationMetric.counter(TOTAL, () -> orders.get() % 20)));

        assertThat(pushes()).hasSizeGreaterThan(3).allSatisfy(push -> assertThat(push.value(TOTAL)).isNotNegative());
    }
}
