package dev.kafkaboot.client.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.SslAuthenticationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.test.RealKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One broker with a port for TLS, and two where the client must show a certificate, of which one changes its own. */
@Timeout(180)
class RealTlsTest {

    private static final Certificates.Identity ROOT = Certificates.named("Root").asAuthority().selfSigned();
    private static final Certificates.Identity NEXT_ROOT = Certificates.named("Next Root").asAuthority().selfSigned();
    private static final Certificates.Identity CLIENT = Certificates.named("app").issuedBy(ROOT);

    @TempDir
    private static Path directory;

    private static RealKafka kafka;

    @BeforeAll
    static void start() throws IOException {
        String key = write("broker.pem", broker(ROOT));
        String trust = write("broker-trust.pem", Certificates.pem(ROOT.own()));
        Map<String, String> keys = Map.of("ssl.keystore.type", "PEM", "ssl.keystore.location", key, "ssl.truststore.type", "PEM", "ssl.truststore.location", trust);
        Map<String, String> mutual = new HashMap<>(keys);
        mutual.put("ssl.client.auth", "required");
        kafka = RealKafka.builder().listener("SSL", "SSL", keys).listener("MUTUAL", "SSL", mutual).listener("ROTATING", "SSL", mutual).start();
        kafka.createTopic("greetings", 1);
        kafka.createTopic("rotation", 1);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static String broker(Certificates.Identity authority) {
        Certificates.Identity broker = Certificates.named("broker").forHosts("localhost").forAddress(127, 0, 0, 1).issuedBy(authority);
        return broker.keyPem() + broker.chainPem();
    }

    /** Writes a file as a whole: nobody sees a part of it. */
    private static String write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.move(Files.writeString(directory.resolve(name + ".new"), text), file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return file.toString();
    }

    private static Map<String, Object> client(String listener, Map<String, ?> more) {
        Map<String, Object> values = new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers(listener), "security.protocol", "SSL",
                "ssl.truststore.type", "PEM", "ssl.truststore.certificates", Certificates.pem(ROOT.own())));
        values.putAll(more);
        return values;
    }

    private static Map<String, Object> showing(Certificates.Identity identity) {
        return Map.of("ssl.keystore.type", "PEM", "ssl.keystore.key", identity.keyPem(), "ssl.keystore.certificate.chain", identity.chainPem());
    }

    private static List<String> read(Map<String, Object> config, String topic, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string()).config(config)
                .autoOffsetReset(OffsetResetPolicy.EARLIEST).build()) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            while (values.size() < count) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }

    @Test
    void oursAndApachesClientsReadWhatTheOtherWroteOverTls() {
        String large = "x".repeat(100_000);
        try (KafkaProducer<String, String> ours = KafkaProducer.builder(Serializers.string(), Serializers.string()).config(client("SSL", Map.of())).build();
                var apaches = new org.apache.kafka.clients.producer.KafkaProducer<>(client("SSL", Map.of()), new StringSerializer(), new StringSerializer())) {
            ours.send("greetings", "k", "ours").join();
            ours.send("greetings", "k", large).join();
            apaches.send(new ProducerRecord<>("greetings", "k", "Apache's"));
        }

        List<String> readByApache = new ArrayList<>();
        try (var consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                client("SSL", Map.of("auto.offset.reset", "earliest")), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(new org.apache.kafka.common.TopicPartition("greetings", 0)));
            while (readByApache.size() < 3) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    readByApache.add(record.value());
                }
            }
        }
        assertThat(readByApache).containsExactly("ours", large, "Apache's");
        assertThat(read(client("SSL", Map.of()), "greetings", 3)).isEqualTo(readByApache);
    }

    private static void ask(String listener, Map<String, ?> more) {
        try (ConnectionManager net = ConnectionManager.create(Configured.with(client(listener, more)))) {
            net.send(new MetadataRequest()).join();
        }
    }

    @Test
    void brokerThatWantsACertificateTakesTheRightOneOnly() {
        ask("MUTUAL", showing(CLIENT));

        assertThatThrownBy(() -> ask("MUTUAL", Map.of())).hasRootCauseInstanceOf(SSLException.class).cause()
                .isInstanceOf(SslAuthenticationException.class)
                .hasMessageContaining("wants a certificate of the client, and there is none: ssl.keystore.* is not configured");
        assertThatThrownBy(() -> ask("MUTUAL", showing(Certificates.named("stranger").issuedBy(NEXT_ROOT)))).cause()
                .isInstanceOf(SslAuthenticationException.class).hasMessageContaining("the one in ssl.keystore is of another, so it was not shown");
    }

    @Test
    void authorityThatIsNotTrustedIsToldAtOnce() {
        assertThatThrownBy(() -> ask("SSL", Map.of("ssl.truststore.certificates", Certificates.pem(NEXT_ROOT.own())))).cause()
                .isInstanceOf(SslAuthenticationException.class)
                .hasMessageStartingWith(kafka.bootstrapServers("SSL") + " showed a certificate of an authority that is not in the trust store: CN=broker");
    }

    @Test
    void plainPortIsNamed() {
        Map<String, Object> plain = Map.of("bootstrap.servers", kafka.bootstrapServers(), "default.api.timeout.ms", 1_500);

        assertThatThrownBy(() -> ask("SSL", plain)).hasMessageContaining("a port that does not speak TLS does that, and security.protocol is SSL");
    }

    @Test
    void keysAndTrustChangeUnderLoadAndNothingIsLost() throws IOException, ExecutionException, InterruptedException {
        String trust = write("client-trust.pem", Certificates.pem(ROOT.own()));
        String key = write("client.pem", CLIENT.keyPem() + CLIENT.chainPem());
        Map<String, Object> config = client("ROTATING", Map.of("ssl.truststore.location", trust, "ssl.keystore.type", "PEM", "ssl.keystore.location", key));
        config.remove("ssl.truststore.certificates");
        AtomicBoolean over = new AtomicBoolean();
        try (CuttingLoop cutting = new CuttingLoop();
                ConnectionManager net = ConnectionManager.create(Configured.with(config), cutting.loop());
                KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string()).connections(net).build()) {
            List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
            CompletableFuture<Integer> sending = CompletableFuture.supplyAsync(() -> {
                while (!over.get()) {
                    sent.add(producer.send("rotation", "k", Integer.toString(sent.size())));
                    sent.get(Math.max(0, sent.size() - 20)).join(); // so many under way at most
                }
                return sent.size();
            });
            producer.send("rotation", "k", "first").join();

            write("client-trust.pem", Certificates.pem(ROOT.own()) + Certificates.pem(NEXT_ROOT.own()));
            cutting.cut();
            acknowledgeOne(producer);
            changeBroker("ssl.keystore.location", write("broker-next.pem", broker(NEXT_ROOT)));
            changeBroker("ssl.truststore.location", write("broker-trust-next.pem", Certificates.pem(ROOT.own()) + Certificates.pem(NEXT_ROOT.own())));
            cutting.cut();
            acknowledgeOne(producer);
            Certificates.Identity next = Certificates.named("app").issuedBy(NEXT_ROOT);
            write("client.pem", next.keyPem() + next.chainPem());
            write("client-trust.pem", Certificates.pem(NEXT_ROOT.own()));
            changeBroker("ssl.truststore.location", write("broker-trust-last.pem", Certificates.pem(NEXT_ROOT.own())));
            cutting.cut();
            acknowledgeOne(producer);
            over.set(true);
            int count = sending.join();
            sent.forEach(CompletableFuture::join);

            assertThatThrownBy(() -> ask("ROTATING", showing(CLIENT))).as("the old certificates are of no use any more").cause()
                    .isInstanceOf(SslAuthenticationException.class);
            assertThat(read(config, "rotation", count + 4).stream().filter(value -> Character.isDigit(value.charAt(0))))
                    .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(Integer::toString).toList());
        }
    }

    private static void acknowledgeOne(KafkaProducer<String, String> producer) {
        producer.send("rotation", "k", "after a cut").join();
    }

    private static void changeBroker(String key, String value) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            admin.incrementalAlterConfigs(Map.of(broker, List.of(new AlterConfigOp(
                    new ConfigEntry("listener.name.rotating." + key, value), AlterConfigOp.OpType.SET)))).all().get();
        }
    }
}
