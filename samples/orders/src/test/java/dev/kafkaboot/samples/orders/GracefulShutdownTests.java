package dev.kafkaboot.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.test.FakeKafkaServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The application is told to end while it is at work, as by SIGTERM: first no more requests, then no more records, then nothing to send. */
class GracefulShutdownTests {

    private static final int PARTITIONS = 6;

    private final HttpClient http = HttpClient.newHttpClient();
    private FakeKafkaServer kafka;
    private ConfigurableApplicationContext shop;
    private String url;
    private volatile boolean closing;

    @BeforeEach
    void open() {
        kafka = FakeKafkaServer.start();
        kafka.createTopic("orders", PARTITIONS);
        kafka.createTopic("relayed", 1);
        shop = new SpringApplicationBuilder(OrdersApplication.class, Relay.class, Ending.class)
                .run("--server.port=0", "--spring.lifecycle.timeout-per-shutdown-phase=15s", "--kafka.bootstrap-servers=" + kafka.bootstrapServers());
        url = "http://localhost:" + Objects.requireNonNull(((WebServerApplicationContext) shop).getWebServer()).getPort();
    }

    @AfterEach
    void close() {
        shop.close();
        kafka.close();
    }

    /** Answers a request only when a listener has heard of it, and asks nobody before the application is about to end. */
    @RestController
    static class Relay {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CompletableFuture<Void> ending = new CompletableFuture<>();
        private final CompletableFuture<String> heard = new CompletableFuture<>();
        private final KafkaTemplate<String, Object> template;

        Relay(KafkaTemplate<String, Object> template) {
            this.template = template;
        }

        @GetMapping("/relay")
        CompletableFuture<String> relay() {
            asked.countDown();
            return ending.thenCompose(now -> template.send("relayed", "hello")).thenCompose(sent -> heard);
        }

        @KafkaListener(id = "relay", topics = "relayed")
        void listen(String text) {
            heard.complete(text);
        }
    }

    /** A bean of its own: listeners stop before whatever has one. */
    static class Ending implements SmartLifecycle {

        private final Relay relay;

        Ending(Relay relay) {
            this.relay = relay;
        }

        /** Right before the web server takes no more requests. */
        @Override
        public int getPhase() {
            return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
        }

        @Override
        public void start() {}

        @Override
        public void stop() {
            relay.ending.complete(null);
        }

        @Override
        public boolean isRunning() {
            return !relay.ending.isDone();
        }
    }

    @Test
    void requestThatWaitsForAListenerIsAnsweredAlthoughTheApplicationEnds() throws Exception {
        Relay relay = shop.getBean(Relay.class);
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(HttpRequest.newBuilder(URI.create(url + "/relay")).build(), BodyHandlers.ofString());
        relay.asked.await();

        shop.close();

        assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo("hello");
        assertThat(committed("relay", "relayed", 1)).isEqualTo(1);
    }

    @Test
    void whatWasAcknowledgedIsStoredAndWhatWasCountedIsCommitted() throws Exception {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        OrderTotals totals = shop.getBean(OrderTotals.class);
        ExecutorService customers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> shopping = new ArrayList<>();
            IntStream.range(0, 4).forEach(customer -> shopping.add(customers.submit(() -> orderUntilClosed(customer, acknowledged))));
            await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() > 100);

            closing = true;
            shop.close();

            for (Future<?> each : shopping) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            customers.shutdownNow();
        }
        assertThat(stored()).containsAll(acknowledged);
        assertThat(committed("orders", "orders", PARTITIONS)).isEqualTo(totals.summary().placed());
    }

    /** A connector that is closing answers what comes on a connection kept alive with 503, or with 400 because it reads the request no further. */
    private void orderUntilClosed(int customer, Set<String> acknowledged) {
        try {
            for (int n = 0; ; n++) {
                String id = "O-" + customer + "-" + n;
                HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/orders")).header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("""
                                {"orderId": "%s", "customer": "C-1", "item": "travel-mug", "quantity": 1, "unitPrice": 16.80}""".formatted(id)))
                        .build();
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                if (answer.statusCode() != 201) {
                    assertThat(closing).as("closing, so %s was refused: %d %s", id, answer.statusCode(), answer.body()).isTrue();
                    return;
                }
                acknowledged.add(id);
            }
        } catch (IOException closed) {
            assertThat(closing).as("closing, so there is no answer: " + closed).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> stored() {
        return kafka.ask(cluster -> IntStream.range(0, PARTITIONS).boxed()
                .flatMap(partition -> cluster.log("orders", partition).records().stream()).map(record -> record.keyText()).toList());
    }

    private long committed(String group, String topic, int partitions) {
        return kafka.<Long>ask(cluster -> IntStream.range(0, partitions).mapToLong(partition -> cluster.group(group).committed(topic, partition).orElse(0)).sum());
    }
}
