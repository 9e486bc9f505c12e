package dev.kafkaboot.spring.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.CommitMarks;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No broker is needed. */
@Timeout(60)
class DefaultFactoriesTests {

    private final ConnectionManager connections = ConnectionManager.connect("127.0.0.1:1");

    @AfterEach
    void close() {
        connections.close();
    }

    private static final class Counted implements Serializer<String> {

        private final AtomicInteger closes = new AtomicInteger();
        private final Runnable onClose;

        Counted(Runnable onClose) {
            this.onClose = onClose;
        }

        @Override
        public byte @Nullable [] serialize(String topic, Headers headers, @Nullable String data) {
            return Serializers.string().serialize(topic, headers, data);
        }

        @Override
        public @Nullable String deserialize(String topic, Headers headers, byte @Nullable [] data) {
            return Serializers.string().deserialize(topic, headers, data);
        }

        @Override
        public void close() {
            closes.incrementAndGet();
            onClose.run();
        }
    }

    @Test
    void consumerThatIsClosedLeavesTheSerializersThatOthersUse() {
        Counted serializer = new Counted(() -> {});
        ConsumerFactory<String, String> factory = new DefaultKafkaConsumerFactory<>(connections, Map.of(), serializer, serializer);

        factory.createConsumer(Map.of("group.id", "g")).close(Duration.ZERO);

        assertThat(serializer.closes).hasValue(0);
    }

    @Test
    void customizerDoesNotUndoWhatWhoeverAsksForAConsumerReliesOn() {
        DefaultKafkaConsumerFactory<String, String> factory =
                new DefaultKafkaConsumerFactory<>(connections, Map.of(), Serializers.string(), Serializers.string());
        factory.addBuilderCustomizer(builder -> builder.autoCommit(true).commitMarks(CommitMarks.MANUAL));

        try (KafkaConsumer<byte[], byte[]> consumer = factory.createBytesConsumer(Map.of("group.id", "g", "commit.marks", "off"))) {
            assertThatThrownBy(consumer::commitMarked).isInstanceOf(IllegalStateException.class).hasMessageContaining("set commit.marks to manual or auto");
        }
    }

    @Test
    void customizerThatSaysHowToConnectIsRefusedWhereConnectionsAreShared() {
        Map<String, String> config = Map.of("bootstrap.servers", "127.0.0.1:1");
        DefaultKafkaConsumerFactory<String, String> consumers =
                new DefaultKafkaConsumerFactory<>(connections, config, Serializers.string(), Serializers.string());
        consumers.addBuilderCustomizer(builder -> builder.config("reconnect.backoff.ms", 5));
        DefaultKafkaProducerFactory<String, String> producers =
                new DefaultKafkaProducerFactory<>(connections, config, Serializers.string(), Serializers.string());
        producers.addBuilderCustomizer(builder -> builder.config("connections.max.idle.ms", 5));

        assertThatThrownBy(() -> consumers.createConsumer(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("reconnect.backoff.ms", "ConnectionManager");
        assertThatThrownBy(producers::getProducer)
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("connections.max.idle.ms", "ConnectionManager");
    }

    @Test
    void consumerWhoseOverridesSayHowToConnectHasConnectionsOfItsOwn() {
        DefaultKafkaConsumerFactory<String, String> consumers = new DefaultKafkaConsumerFactory<>(
                connections, Map.of("bootstrap.servers", "127.0.0.1:1"), Serializers.string(), Serializers.string());

        assertThat(consumers.getMetadata(Map.of("client.id", "other"))).isSameAs(connections.metadata());
        assertThat(consumers.getMetadata(Map.of("reconnect.backoff.ms", 5))).isNull();
        consumers.createConsumer(Map.of("reconnect.backoff.ms", 5)).close(Duration.ZERO);
    }

    @Test
    void consumerThatDoesWithoutMarksDoesWithoutTheirLimit() {
        DefaultKafkaConsumerFactory<String, String> consumers = new DefaultKafkaConsumerFactory<>(
                connections, Map.of("commit.marks", "manual", "max.unmarked.records", 100, "group.id", "g"), Serializers.string(), Serializers.string());

        consumers.createBytesConsumer(Map.of("commit.marks", "off")).close(Duration.ZERO);

        assertThatThrownBy(() -> consumers.createBytesConsumer(Map.of("commit.marks", "off", "max.unmarked.records", 7)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("max.unmarked.records");
    }

    @Test
    void senderIsRefusedAtOnceWhileTheProducerIsBeingClosed() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Counted slowToClose = new Counted(() -> {
            closing.countDown();
            await(mayEnd);
        });
        DefaultKafkaProducerFactory<String, String> factory =
                new DefaultKafkaProducerFactory<>(connections, Map.of(), Serializers.string(), slowToClose);
        factory.setCloseTimeout(Duration.ZERO);
        factory.getProducer();
        Thread destroying = new Thread(factory::destroy);
        destroying.start();
        closing.await();

        assertThatThrownBy(factory::getProducer).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");

        mayEnd.countDown();
        destroying.join();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
