package dev.kafkaboot.autoconfigure.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.fake.FakeRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/clients.md shows, on a fake Kafka. */
@Timeout(120)
class ClientSnippetsTests {

    private static final String PAGE = "docs/clients.md";

    private final FakeKafkaServer kafka = FakeKafkaServer.start();
    private final SnippetCompiler compiler;

    ClientSnippetsTests(@TempDir Path directory) {
        compiler = new SnippetCompiler(directory, "java.util.regex.*", "dev.kafkaboot.client.net.*", "dev.kafkaboot.client.telemetry.*");
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    private String code(int number) {
        return Snippet.of(PAGE, number).at(kafka.bootstrapServers());
    }

    /** What a reader at read_committed gets of a partition. */
    private List<String> values(String topic) {
        return kafka.ask(cluster -> cluster.log(topic, 0).committedRecords().stream().map(FakeRecord::valueText).toList());
    }

    @Test
    void recordIsSent() throws Exception {
        kafka.createTopic("orders", 1);

        compiler.run("org.slf4j.Logger log = org.slf4j.LoggerFactory.getLogger(Snippet.class);\n" + code(1) + "return null;", "");

        assertThat(values("orders")).containsExactly("{...}");
    }

    @Test
    void topicsAreBatchedInTheirOwnWays() throws Exception {
        kafka.createTopic("metrics", 1);
        kafka.createTopic("payments", 1);

        compiler.run("var builder = " + code(2) + """
                ;
                try (var producer = builder.bootstrapServers("%s").build()) {
                    producer.send("metrics", "cpu", new byte[] {'1'});
                    producer.send("payments", "P-1", new byte[] {'2'});
                }
                return null;
                """.formatted(kafka.bootstrapServers()), "");

        assertThat(values("metrics")).containsExactly("1");
        assertThat(values("payments")).containsExactly("2");
    }

    @Test
    void recordsAndOffsetsAreCommittedInOneTransaction() throws Exception {
        kafka.createTopic("orders", 1);
        kafka.createTopic("invoices", 1);
        String member = """
                Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(7));
                try (KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                        .bootstrapServers("%s").groupId("billing").config("enable.auto.commit", false).build()) {
                    consumer.subscribe(List.of("orders"));
                    while (consumer.assignment().isEmpty()) {
                        consumer.poll(Duration.ofMillis(100));
                    }
                """.formatted(kafka.bootstrapServers());

        compiler.run(member + code(3) + "}\nreturn null;", "");

        assertThat(values("invoices")).containsExactly("{...}");
        await().untilAsserted(() -> assertThat(kafka.<OptionalLong>ask(cluster -> cluster.group("billing").committed("orders", 0))).hasValue(7));
    }

    /** Compiled only: brokers that keep what is prepared for the next producer are yet to come. */
    @Test
    void twoPhaseCommitIsCompiled() throws Exception {
        Class<?> compiled = compiler.compile("TwoPhases", """
                class TwoPhases {
                    interface Database {
                        void commit(Object what, String decision);
                        String decided();
                    }
                    void run(KafkaProducer<String, String> producer, Database database, Object order) {
                """ + code(4) + "}\n}\n");

        assertThat(compiled.getSimpleName()).isEqualTo("TwoPhases");
    }

    @Test
    void recordsAreReadInALoop() throws Exception {
        kafka.createTopic("orders", 1);

        CompletableFuture<Object> handled = CompletableFuture.supplyAsync(() -> {
            try {
                return compiler.run("try {\n" + code(5) + "} catch (Handled record) {\nreturn record.getMessage();\n}\nreturn null;", """
                        static void handle(ConsumerRecord<String, String> record) {
                            throw new Handled(record.value());
                        }

                        static final class Handled extends RuntimeException {
                            Handled(String value) {
                                super(value);
                            }
                        }
                        """);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        await().atMost(Duration.ofMinutes(1)).until(() -> { // a group begins with what comes after it has joined
            kafka.tell(cluster -> cluster.log("orders", 0).append("O-1", "placed"));
            return handled.isDone();
        });

        assertThat(handled.join()).isEqualTo("placed");
    }

    @Test
    void topicsAreSubscribedToInEveryWay() throws Exception {
        kafka.createTopic("orders-eu", 1);
        kafka.createTopic("orders", 1);

        Object last = compiler.run("""
                KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                        .bootstrapServers("%s").groupId("billing").groupProtocol(GroupProtocol.CONSUMER).build();
                try (consumer) {
                """.formatted(kafka.bootstrapServers())
                + code(6) + """
                    while (consumer.subscription().isEmpty()) {
                        consumer.poll(Duration.ofMillis(100));
                    }
                    return consumer.subscription();
                }
                """, "");

        assertThat(last).hasToString("[orders-eu]");
    }

    @Test
    void topicIsCreatedAndAnyMessageIsSent() throws Exception {
        Object brokers = compiler.run(code(7) + """
                admin.close();
                net.close();
                return reply.brokers().size();
                """, "");

        assertThat(brokers).isEqualTo(1);
        assertThat(kafka.<Integer>ask(cluster -> cluster.leaderOf("orders", 11))).as("the leader of the last of twelve partitions").isEqualTo(1);
    }

    @Test
    void metricsOfTheApplicationAreRegistered() throws Exception {
        Object again = compiler.run("""
                List<String> orders = List.of("O-1");
                var taken = new java.util.concurrent.atomic.AtomicLong();
                try (var producer = KafkaProducer.builder(Serializers.string(), Serializers.string()).bootstrapServers("%s").build()) {
                """.formatted(kafka.bootstrapServers()) + code(8) + """
                    return producer.applicationMetrics().register(ApplicationMetric.gauge("shop.orders.open", orders::size).label("region", "eu"));
                }
                """, "");

        assertThat(again).as("a registration in the place of the one that was removed").isNotNull();
    }
}
