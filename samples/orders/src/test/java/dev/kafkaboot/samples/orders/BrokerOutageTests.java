package dev.kafkaboot.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.autoconfigure.test.AutoConfigureRealKafka;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The broker dies while orders come in, and comes back. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"kafka.producer.delivery-timeout=5s", "kafka.producer.properties.request.timeout.ms=2000"})
@AutoConfigureRealKafka(dedicated = true)
class BrokerOutageTests {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private RealKafka kafka;

    @Autowired
    private OrderTotals totals;

    @Test
    void noAcknowledgedOrderIsLost() throws Exception {
        Map<String, Integer> answers = new ConcurrentHashMap<>();
        AtomicBoolean shopIsOpen = new AtomicBoolean(true);
        AtomicInteger ids = new AtomicInteger();
        ExecutorService customers = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> shopping = new ArrayList<>();
            for (int customer = 0; customer < 8; customer++) {
                shopping.add(customers.submit(() -> {
                    while (shopIsOpen.get()) {
                        String id = "O-" + ids.incrementAndGet();
                        answers.put(id, place(id).statusCode());
                    }
                    return null;
                }));
            }
            awaitAnswers(answers, 201, 200);

            kafka.broker(1).kill();
            awaitAnswers(answers, 503, 8);
            long acknowledgedBefore = count(answers, 201);
            kafka.broker(1).start();
            awaitAnswers(answers, 201, acknowledgedBefore + 200);

            shopIsOpen.set(false);
            for (Future<?> each : shopping) {
                each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            shopIsOpen.set(false);
            customers.shutdownNow();
        }

        Set<String> stored = idsInTopic();
        assertThat(answers.values()).containsOnly(201, 503);
        assertThat(stored).containsAll(acknowledged(answers));
        assertThat(answers.keySet()).containsAll(stored);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(totals.summary().placed()).isEqualTo(stored.size()));
    }

    private HttpResponse<String> place(String id) throws IOException, InterruptedException {
        String order = """
                {"orderId": "%s", "customer": "C-0001", "item": "moka-pot-3-cup", "quantity": 1, "unitPrice": 27.50}""".formatted(id);
        return http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/orders"))
                        .header("Content-Type", "application/json").POST(BodyPublishers.ofString(order)).build(),
                BodyHandlers.ofString());
    }

    private static void awaitAnswers(Map<String, Integer> answers, int status, long atLeast) {
        await().atMost(PATIENCE).until(() -> count(answers, status) >= atLeast);
    }

    private static Set<String> acknowledged(Map<String, Integer> answers) {
        return answers.entrySet().stream().filter(each -> each.getValue() == 201).map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private static long count(Map<String, Integer> answers, int status) {
        return answers.values().stream().filter(answer -> answer == status).count();
    }

    private Set<String> idsInTopic() {
        List<TopicPartition> partitions = IntStream.range(0, 6).mapToObj(each -> new TopicPartition("orders", each)).toList();
        Set<String> ids = new HashSet<>();
        try (KafkaConsumer<String, byte[]> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.bytes())
                .bootstrapServers(kafka.bootstrapServers()).build()) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    ids.add(record.key());
                }
            }
        }
        return ids;
    }
}
