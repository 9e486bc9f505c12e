package dev.kafkaboot.client.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.UserCredentials;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.fake.FakeKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client does whose password is wrong: it says so at once and on every call, and goes on when the password is right. */
@Timeout(60)
class WrongCredentialsTest {

    /** Longer than any test waits: who waits for it has not been told. */
    private static final Duration FOR_EVER = Duration.ofMinutes(10);

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private FakeKafkaServer kafka;
    private volatile String password = "wrong";
    private final CredentialsSource source = () -> UserCredentials.of("billing", password);

    @BeforeEach
    void start() {
        kafka = FakeKafkaServer.start(FakeKafka.builder().brokers(2).user("billing", "right"));
        kafka.createTopic("orders", 1);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    private Map<String, Object> config() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers(), "security.protocol", "SASL_PLAINTEXT", "sasl.allow.plaintext", true,
                "sasl.mechanism", "SCRAM-SHA-256", "sasl.credentials", source, "default.api.timeout.ms", FOR_EVER, "reconnect.backoff.max.ms", 100,
                "retry.backoff.max.ms", 100);
    }

    private static void assertRefused(ThrowingCallable call) {
        for (int time = 0; time < 3; time++) {
            assertThatThrownBy(call).isInstanceOf(AuthenticationException.class).hasMessageContaining("SCRAM-SHA-256").hasMessageContaining("billing")
                    .hasMessageNotContaining("wrong");
        }
    }

    private KafkaProducer<String, String> producer() {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).config(config())
                .config(Map.of("delivery.timeout.ms", FOR_EVER, "max.block.ms", FOR_EVER)).build();
    }

    private KafkaConsumer<String, String> consumer(Map<String, Object> own) {
        return KafkaConsumer.builder(Serializers.string(), Serializers.string()).config(config()).config("auto.offset.reset", "earliest").config(own).build();
    }

    @Test
    void recordsFailAndWereNotWritten() throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            for (int time = 0; time < 3; time++) {
                SendException failure = (SendException) catchThrowableOfType(
                        ExecutionException.class, () -> producer.send("orders", "a").get(30, TimeUnit.SECONDS)).getCause();

                assertThat(failure).hasCauseInstanceOf(AuthenticationException.class);
                assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED);
            }
            password = "right";

            assertThat(eventually(() -> producer.send("orders", "b").join().offset())).isZero();
        }
    }

    @Test
    void recordsOfAProducerThatHasLongBeenAtItFailToo() throws Exception {
        password = "right";
        try (KafkaProducer<String, String> producer = producer()) {
            producer.send("orders", "a").get(30, TimeUnit.SECONDS);
            password = "wrong";
            restartBrokers();

            SendException failure = (SendException) catchThrowableOfType(
                    ExecutionException.class, () -> producer.send("orders", "b").get(30, TimeUnit.SECONDS)).getCause();

            assertThat(failure).hasCauseInstanceOf(AuthenticationException.class);
            assertThat(failure.persistence()).isEqualTo(Persistence.NOT_PERSISTED);
            password = "right";
            assertThat(eventually(() -> producer.send("orders", "c").join().offset())).isOne();
        }
    }

    private void restartBrokers() {
        List<Integer> ids = kafka.ask(cluster -> cluster.brokers().stream().map(broker -> broker.id()).toList());
        ids.forEach(kafka::killBroker);
        ids.forEach(kafka::startBroker);
    }

    /** What a call answers once the client has looked at the password again; only that it is refused is no answer. */
    private static <T> T eventually(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (CompletionException | KafkaException failure) {
                Throwable reason = failure;
                while (!(reason instanceof AuthenticationException) && reason.getCause() != null) {
                    reason = reason.getCause();
                }
                assertThat(reason).isInstanceOf(AuthenticationException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void pollsOfAMemberFail(GroupProtocol protocol) {
        try (KafkaConsumer<String, String> consumer = consumer(Map.of("group.id", "billing", "group.protocol", protocol))) {
            consumer.subscribe(List.of("orders"));

            assertRefused(() -> consumer.poll(FOR_EVER));
            assertReadsAllTheSame(consumer);
        }
    }

    private void assertReadsAllTheSame(KafkaConsumer<String, String> consumer) {
        kafka.tell(cluster -> cluster.log("orders", 0).append("k", "late"));
        password = "right";
        ConsumerRecords<String, String> records = eventually(() -> consumer.poll(FOR_EVER));

        assertThat(records).extracting(record -> record.value()).containsExactly("late");
    }

    @Test
    void pollsOfAnAssignedPartitionFail() {
        try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            consumer.assign(List.of(ORDERS));

            assertRefused(() -> consumer.poll(FOR_EVER));
            assertReadsAllTheSame(consumer);
        }
    }

    @Test
    void pollsOfAPatternWithoutAGroupFail() {
        try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            consumer.subscribe(Pattern.compile("ord.*"));

            assertRefused(() -> consumer.poll(FOR_EVER));
            assertReadsAllTheSame(consumer);
        }
    }

    @Test
    void questionsOfAConsumerFail() {
        try (KafkaConsumer<String, String> consumer = consumer(Map.of("group.id", "billing"))) {
            assertRefused(() -> consumer.endOffsets(List.of(ORDERS)));
            assertRefused(() -> consumer.committed(Set.of(ORDERS)));
            assertRefused(() -> consumer.partitionsFor("orders"));
        }
    }

    @Test
    void pollsOfAShareConsumerFail() {
        Map<String, Object> config = new HashMap<>(config());
        config.put("group.id", "shared");
        try (KafkaShareConsumer<String, String> consumer = KafkaShareConsumer.builder(Serializers.string(), Serializers.string()).config(config).build()) {
            consumer.subscribe(List.of("orders"));

            assertRefused(() -> consumer.poll(FOR_EVER));
        }
    }

    @Test
    void isToldAtOnceThoughTheOtherAddressIsDead() throws IOException {
        int deadPort;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deadPort = unused.getLocalPort();
        }
        Map<String, Object> config = new HashMap<>(config());
        config.put("bootstrap.servers", "127.0.0.1:" + deadPort + "," + kafka.bootstrapServers().split(",")[0]);
        config.put("request.timeout.ms", FOR_EVER);
        try (KafkaConsumer<String, String> consumer = consumer(config)) {
            assertRefused(() -> consumer.partitionsFor("orders"));
        }
    }

    @Test
    void questionsOfAnAdministratorFail() {
        try (KafkaAdminClient admin = KafkaAdminClient.builder().config(config()).build()) {
            for (int time = 0; time < 3; time++) {
                assertThatThrownBy(() -> admin.topics().list().get(30, TimeUnit.SECONDS)).cause().isInstanceOf(AuthenticationException.class);
            }
            password = "right";

            assertThat(eventually(() -> admin.topics().list().join())).hasSize(1);
        }
    }
}
