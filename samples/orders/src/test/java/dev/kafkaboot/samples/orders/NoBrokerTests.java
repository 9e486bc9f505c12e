package dev.kafkaboot.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Nobody listens where the broker should be. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"kafka.bootstrap-servers=127.0.0.1:1", "kafka.producer.delivery-timeout=1s", "kafka.producer.max-block=1s", "kafka.producer.properties.request.timeout.ms=500"})
class NoBrokerTests {

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Test
    void anOrderIsAnsweredWith503ThatNamesTheServer() throws Exception {
        HttpResponse<String> answer = http.send(
                request("/orders").header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("""
                                {"orderId": "O-1", "customer": "C-1", "item": "travel-mug", "quantity": 1, "unitPrice": 16.80}"""))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .contains("\"title\":\"Kafka did not acknowledge it\"")
                .contains("\"possiblyStored\":false")
                .contains("Order O-1 was not stored: ")
                .contains("127.0.0.1:1");
    }

    @Test
    void healthSaysThatTheBrokerCannotBeReachedAndWhy() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                assertThat(get("/actuator/health/kafka")).contains("\"status\":\"DOWN\"", "\"address\":\"127.0.0.1:1\"", "\"lastError\":\""));
    }

    private String get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofString()).body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }
}
