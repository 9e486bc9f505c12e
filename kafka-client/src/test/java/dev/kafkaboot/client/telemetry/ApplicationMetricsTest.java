package dev.kafkaboot.client.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Registration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApplicationMetricsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final EventLoop loop = EventLoop.start("application-metrics");
    private final ApplicationMetrics metrics = new ApplicationMetrics(loop, "org.apache.kafka.producer.");

    @AfterEach
    void end() {
        loop.close();
    }

    private List<MetricPoint> take(Predicate<String> wanted, Duration limit) {
        CompletableFuture<List<MetricPoint>> taken = new CompletableFuture<>();
        loop.execute(() -> metrics.take(wanted, limit).thenAccept(taken::complete));
        return loop.join(taken, LONG, () -> "the application's metrics");
    }

    private List<String> names(Duration limit) {
        return take(name -> true, limit).stream().map(point -> point.key().name()).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1st", "orders open", "orders{region}", "örders"})
    void nameThatOpenTelemetryDoesNotHaveIsRefused(String name) {
        assertThatThrownBy(() -> ApplicationMetric.gauge(name, () -> 1)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("'" + name + "'");
    }

    @Test
    void nameOfTheClientsOwnIsRefused() {
        assertThatThrownBy(() -> metrics.register(ApplicationMetric.counter("org.apache.kafka.producer.connection.creation.total", () -> 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'org.apache.kafka.producer.connection.creation.total' begins with org.apache.kafka.producer., as the client's own metrics do");

        metrics.register(ApplicationMetric.counter("org.apache.kafka.stream.task.process.total", () -> 1));
        assertThat(names(LONG)).containsExactly("org.apache.kafka.stream.task.process.total");
    }

    @Test
    void metricIsRegisteredOnceByItsNameAndLabels() {
        ApplicationMetric open = ApplicationMetric.gauge("shop.orders.open", () -> 1);
        Registration first = metrics.register(open.label("region", "eu").label("kind", "gift"));
        metrics.register(open.label("region", "us"));

        assertThatThrownBy(() -> metrics.register(open.label("kind", "gift").label("region", "eu")))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("The metric shop.orders.open{kind=gift, region=eu} is registered already");
        first.remove();
        first.remove();
        metrics.register(open.label("kind", "gift").label("region", "eu"));
    }

    @Test
    void registrationThatWasRemovedDoesNotRemoveItsSuccessor() {
        Registration first = metrics.register(ApplicationMetric.gauge("shop.orders.open", () -> 1));
        first.remove();
        metrics.register(ApplicationMetric.gauge("shop.orders.open", () -> 2));

        first.remove();

        assertThat(take(name -> true, LONG)).singleElement().satisfies(point -> assertThat(point.value()).isEqualTo(2));
    }

    @Test
    void metricsOfOneNameAreOfOneKind() {
        metrics.register(ApplicationMetric.gauge("shop.orders", () -> 1).label("region", "eu"));

        assertThatThrownBy(() -> metrics.register(ApplicationMetric.counter("shop.orders", () -> 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The metric shop.orders{region=eu} is registered as a gauge, and shop.orders is a counter");
    }

    @Test
    void onlyWhatIsWantedIsAskedForAndThoseOfOneNameFollowEachOther() {
        metrics.register(ApplicationMetric.gauge("shop.orders", () -> 1).label("region", "us"));
        metrics.register(ApplicationMetric.gauge("shop.orders.open", () -> 2));
        metrics.register(ApplicationMetric.gauge("shop.orders", () -> 3).label("region", "eu"));
        metrics.register(ApplicationMetric.gauge("shop.orders-lost", () -> Double.NaN));
        metrics.register(ApplicationMetric.gauge("stock.items", () -> {
            throw new AssertionError("nobody wants this");
        }));

        List<MetricPoint> points = take(name -> name.startsWith("shop."), LONG);

        assertThat(points).extracting(MetricPoint::value).containsExactly(2.0, 3.0, 1.0);
    }

    @Test
    void metricThatNeverAnswersCostsItsPlaceAloneAndNoFurtherThread() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        metrics.register(ApplicationMetric.gauge("a", () -> 1));
        metrics.register(ApplicationMetric.gauge("b", () -> {
            asked.countDown();
            await(released);
            return 2;
        }));
        metrics.register(ApplicationMetric.gauge("c", () -> 3));

        while (asked.getCount() > 0) {
            assertThat(names(Duration.ofMillis(100))).isSubsetOf("a");
        }
        List<String> meanwhile = names(LONG);
        released.countDown();
        List<String> later = meanwhile;
        while (!later.contains("b")) { // until the thread that waited has put it back
            later = names(LONG);
        }

        assertThat(meanwhile).containsExactly("a", "c");
        assertThat(later).containsExactly("a", "b", "c");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
