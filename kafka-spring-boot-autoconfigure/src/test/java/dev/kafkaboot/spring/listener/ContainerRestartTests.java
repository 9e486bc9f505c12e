package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.spring.core.DefaultKafkaConsumerFactory;
import dev.kafkaboot.test.FakeKafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A container that its own listener stops and starts. */
@Timeout(60)
class ContainerRestartTests {

    private final FakeKafkaServer kafka = FakeKafkaServer.start();
    private final ContainerProperties properties = new ContainerProperties("orders");
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final AtomicInteger starts = new AtomicInteger();
    private KafkaMessageListenerContainer<String, String> container;
    private Runnable inTheFirstRecord = () -> {};

    @BeforeEach
    void start() {
        kafka.createTopic("orders", 1);
        properties.setGroupId("billing");
        properties.setShutdownTimeout(Duration.ofHours(1));
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest");
        container = new KafkaMessageListenerContainer<>(
                "test", new DefaultKafkaConsumerFactory<>(config, Serializers.string(), Serializers.string()), properties, (MessageListener<String, String>) record -> {
                    if (record.offset() == 0) {
                        inTheFirstRecord.run();
                    }
                    done.add(record.value());
                });
        container.setObservers(List.of(new ListenerObserver() {
            @Override
            public void started(MessageListenerContainer started) {
                starts.incrementAndGet();
            }
        }));
    }

    @AfterEach
    void close() {
        container.stop();
        kafka.close();
    }

    @Test
    void listenerThatRestartsItsContainerDoesNotWaitForItself() throws Exception {
        inTheFirstRecord = () -> {
            container.stop();
            container.start();
        };

        container.start();
        send("1", "2");

        assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo("1");
        assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo("2");
        await().until(() -> starts.get() == 2);
        assertThat(container.isRunning()).isTrue();
    }

    @Test
    void stopThatComesAfterTheRestartIsTheLastWord() throws Exception {
        inTheFirstRecord = () -> {
            container.stop();
            container.start();
            container.stop();
        };

        container.start();
        send("1", "2");

        assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo("1");
        container.stop();
        await().during(Duration.ofMillis(200)).until(() -> !container.isRunning() && starts.get() == 1);
    }

    @Test
    void startForWhichThereIsNoThreadLeavesItToBeStartedAgain() throws Exception {
        BiFunction<String, Runnable, Thread> usual = container.threads;
        container.threads = ContainerRestartTests::noThread;

        assertThatThrownBy(container::start).isInstanceOf(OutOfMemoryError.class);
        assertThat(container.isRunning()).isFalse();

        container.threads = usual;
        container.start();
        send("1");
        assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo("1");
    }

    @Test
    void stopForWhichThereIsNoThreadIsItsCallersWork() throws Exception {
        container.start();
        send("1");
        assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo("1");
        container.threads = ContainerRestartTests::noThread;

        container.stop();

        assertThat(container.isRunning()).isFalse();
    }

    private static Thread noThread(String prefix, Runnable task) {
        throw new OutOfMemoryError("unable to create native thread");
    }

    private void send(String... values) {
        try (KafkaProducer<String, String> producer =
                KafkaProducer.builder(Serializers.string(), Serializers.string()).bootstrapServers(kafka.bootstrapServers()).build()) {
            for (String value : values) {
                producer.send("orders", value, value).join();
            }
        }
    }
}
