package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.autoconfigure.health.KafkaHealthContributorAutoConfiguration;
import dev.kafkaboot.client.CorruptBatchException;
import dev.kafkaboot.client.UnreadableBatchException;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.spring.annotation.KafkaHandler;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.config.KafkaListenerEndpointRegistry;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.spring.core.ShareConsumerFactory;
import dev.kafkaboot.spring.listener.DefaultErrorHandler;
import dev.kafkaboot.spring.listener.MessageListenerContainer;
import dev.kafkaboot.spring.listener.RecordErrorHandler;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.KafkaHeaders;
import dev.kafkaboot.spring.support.ShareAcknowledgment;
import dev.kafkaboot.test.FakeKafkaServer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.util.backoff.FixedBackOff;

/** Listeners that are members of share groups (KIP-932). Each test has a topic, and a group of its name. */
@Timeout(60)
class ShareListenersTests {

    private static final String SHARE = "shareKafkaListenerContainerFactory";
    private static final Duration SOON = Duration.ofSeconds(30);

    /** The type of resource that a group is. */
    private static final byte GROUP_CONFIGS = 32;

    private static FakeKafkaServer kafka;
    private static ConnectionManager connections;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    KafkaAutoConfiguration.class, KafkaListenerAutoConfiguration.class, KafkaHealthContributorAutoConfiguration.class))
            .withBean(KafkaConnectionDetails.class, () -> () -> List.of(kafka.bootstrapServers()))
            .withPropertyValues("kafka.producer.value-serializer=string", "kafka.consumer.value-deserializer=string");

    @BeforeAll
    static void start() {
        kafka = FakeKafkaServer.start();
        connections = ConnectionManager.connect(kafka.bootstrapServers());
    }

    @AfterAll
    static void close() {
        connections.close();
        kafka.close();
    }

    /** Makes a topic, and a group that begins at its first record. */
    private static void create(String topic) throws Exception {
        kafka.createTopic(topic, 1);
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest().resources(List.of(
                new IncrementalAlterConfigsRequest.AlterConfigsResource().resourceType(GROUP_CONFIGS).resourceName(topic).configs(List.of(
                        new IncrementalAlterConfigsRequest.AlterableConfig().name("share.auto.offset.reset").value("earliest")))));
        var response = connections.send(request).get(30, TimeUnit.SECONDS);
        assertThat(response.responses()).singleElement().satisfies(answer -> assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE.code()));
    }

    @SuppressWarnings("unchecked")
    private static void send(AssertableApplicationContext context, String topic, String... values) throws Exception {
        KafkaTemplate<String, String> template = context.getBean(KafkaTemplate.class);
        for (String value : values) {
            template.send(topic, value).get(30, TimeUnit.SECONDS);
        }
    }

    /** What the group is given next, by another member. */
    @SuppressWarnings("unchecked")
    private static List<String> next(AssertableApplicationContext context, String group) {
        ShareConsumerFactory<String, String> factory = context.getBean(ShareConsumerFactory.class);
        List<String> values = new CopyOnWriteArrayList<>();
        try (KafkaShareConsumer<String, String> other = factory.createShareConsumer(Map.of("group.id", group))) {
            other.subscribe(List.of(group));
            await().atMost(SOON).until(() -> {
                other.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                return !values.isEmpty();
            });
        }
        return values;
    }

    static class Accepting {

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "accepted", topics = "accepted", containerFactory = SHARE)
        void listen(String value) {
            got.add(value);
        }
    }

    @Test
    void recordIsAcceptedWhenTheMethodHasReturned() throws Exception {
        create("accepted");
        runner.withBean(Accepting.class).run(context -> {
            send(context, "accepted", "a", "b", "c");
            Accepting listener = context.getBean(Accepting.class);
            await().atMost(SOON).until(() -> listener.got.size() == 3);

            context.getBean(KafkaListenerEndpointRegistry.class).stop();
            send(context, "accepted", "next");

            assertThat(listener.got).containsExactly("a", "b", "c");
            assertThat(next(context, "accepted")).containsExactly("next");
        });
    }

    static class Hanging {

        final CountDownLatch goOn = new CountDownLatch(1);

        @KafkaListener(id = "hung", topics = "hung", containerFactory = SHARE)
        void listen(String value) throws InterruptedException {
            goOn.await();
        }
    }

    @Test
    void recordAtWhichTheMethodHangsIsTold() throws Exception {
        create("hung");
        runner.withBean(Hanging.class).withPropertyValues("kafka.share-consumer.max-poll-interval=1s", "kafka.listener.poll-timeout=100ms").run(context -> {
            MessageListenerContainer container = context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer("hung");
            send(context, "hung", "a");

            await().atMost(SOON).until(() -> container.getLongRecords().containsKey("hung-0@0"));
            assertThat(container.isInExpectedState()).isTrue();
            context.getBean(Hanging.class).goOn.countDown();

            await().atMost(SOON).until(() -> container.getLongRecords().isEmpty());
        });
    }

    static class Saying {

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "said", topics = "said", containerFactory = SHARE, ackMode = "MANUAL")
        void listen(ConsumerRecord<String, String> record, ShareAcknowledgment acknowledgment, KafkaShareConsumer<?, ?> consumer) {
            got.add(record.value() + " " + record.deliveryCount().orElseThrow());
            switch (record.value()) {
                case "bad" -> acknowledgment.reject();
                case "not yet" -> {
                    if (record.deliveryCount().orElseThrow() == 1) {
                        acknowledgment.release();
                    } else {
                        acknowledgment.acknowledge();
                    }
                }
                default -> acknowledgment.acknowledge();
            }
        }
    }

    @Test
    void methodSaysWhatBecameOfARecord() throws Exception {
        create("said");
        runner.withBean(Saying.class).run(context -> {
            send(context, "said", "good", "bad", "not yet", "last");
            Saying listener = context.getBean(Saying.class);

            await().atMost(SOON).until(() -> listener.got.size() == 5);
            assertThat(listener.got).containsExactlyInAnyOrder("good 1", "bad 1", "not yet 1", "last 1", "not yet 2");
        });
    }

    static class Failing {

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "failed", topics = "failed", containerFactory = SHARE)
        void listen(ConsumerRecord<String, String> record) {
            got.add(record.value() + " " + record.deliveryCount().orElseThrow());
            if (record.value().equals("bad")) {
                throw new IllegalStateException("not this one");
            }
        }
    }

    @Test
    void recordThatFailsIsTriedAgainWithoutAnotherDeliveryAndRejectedInTheEnd() throws Exception {
        create("failed");
        runner.withBean(Failing.class).withBean(RecordErrorHandler.class, () -> new DefaultErrorHandler(new FixedBackOff(0, 2))).run(context -> {
            send(context, "failed", "bad", "good");
            Failing listener = context.getBean(Failing.class);

            await().atMost(SOON).until(() -> listener.got.size() == 4);
            context.getBean(KafkaListenerEndpointRegistry.class).stop();
            send(context, "failed", "next");

            assertThat(listener.got).containsExactlyInAnyOrder("bad 1", "bad 1", "bad 1", "good 1");
            assertThat(next(context, "failed")).containsExactly("next");
        });
    }

    static class Reading {

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "unreadable", topics = "unreadable", containerFactory = SHARE)
        void listen(String value) {
            got.add(value);
        }
    }

    /** Bytes that claim to be compressed, and are not. */
    private static void sendUnreadable(String topic) throws Exception {
        BatchBuilder builder = new BatchBuilder(ChunkSource.UNPOOLED, 1024);
        builder.append(System.currentTimeMillis(), null, new byte[100], HeaderList.EMPTY);
        byte[] batch = builder.finish(BatchBuilder.NO_PRODUCER_ID, BatchBuilder.NO_PRODUCER_EPOCH, BatchBuilder.NO_SEQUENCE, false).toByteArray();
        ByteBuffer header = ByteBuffer.wrap(batch);
        header.putShort(21, (short) CompressionType.GZIP.id());
        CRC32C crc = new CRC32C();
        crc.update(batch, 21, batch.length - 21);
        header.putInt(17, (int) crc.getValue());
        MetadataResponse topics = connections.send(new MetadataRequest().topics(List.of(new MetadataRequest.MetadataRequestTopic().name(topic)))).get(30, TimeUnit.SECONDS);
        ProduceRequest request = new ProduceRequest().acks((short) -1).timeoutMs(30_000).topicData(List.of(new ProduceRequest.TopicProduceData()
                .name(topic).topicId(topics.topics().get(0).topicId())
                .partitionData(List.of(new ProduceRequest.PartitionProduceData().index(0).records(Bytes.of(ByteBuffer.wrap(batch)))))));
        var answer = connections.send(request).get(30, TimeUnit.SECONDS).responses().get(0).partitionResponses().get(0);
        assertThat(ErrorCode.forCode(answer.errorCode())).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void batchThatCannotBeReadIsReleasedOnceAndThenKeptFromBeingGivenUp() throws Exception {
        create("unreadable");
        runner.withBean(Reading.class).run(context -> {
            Reading listener = context.getBean(Reading.class);
            MessageListenerContainer container = context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer("unreadable");

            sendUnreadable("unreadable");
            await().atMost(SOON).until(() -> !container.isInExpectedState());
            send(context, "unreadable", "good");
            await().atMost(SOON).until(() -> listener.got.contains("good"));
            assertThat(container.getLastError()).isInstanceOf(CorruptBatchException.class);
            container.stop();

            assertThat(deliveriesOfUnreadable(context)).as("the two here, and this one").isEqualTo(Map.of(0L, 3));
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<Long, Integer> deliveriesOfUnreadable(AssertableApplicationContext context) {
        ShareConsumerFactory<String, String> factory = context.getBean(ShareConsumerFactory.class);
        try (KafkaShareConsumer<String, String> other = factory.createShareConsumer(Map.of("group.id", "unreadable"))) {
            other.subscribe(List.of("unreadable"));
            for (int polls = 0; polls < 4; polls++) {
                try {
                    other.poll(SOON);
                } catch (UnreadableBatchException told) {
                    return told.acquired();
                }
            }
            throw new AssertionError("Nobody is told of the batch, which was given up");
        }
    }

    static class Slow {

        final List<String> begun = new CopyOnWriteArrayList<>();
        final CountDownLatch goOn = new CountDownLatch(1);

        @KafkaListener(id = "slow", topics = "slow", containerFactory = SHARE, concurrency = "2")
        void listen(String value) throws InterruptedException {
            begun.add(value);
            if (value.equals("slow")) {
                goOn.await();
            }
        }
    }

    /** The consumer hands nothing out before it knows that what it handed out before is kept. */
    @Test
    void slowRecordKeepsNoOtherWaiting() throws Exception {
        create("slow");
        runner.withBean(Slow.class).run(context -> {
            Slow listener = context.getBean(Slow.class);
            send(context, "slow", "slow");
            await().atMost(SOON).until(() -> listener.begun.contains("slow"));

            send(context, "slow", "b", "c");

            await().atMost(SOON).until(() -> listener.begun.size() == 3);
            listener.goOn.countDown();
            context.getBean(KafkaListenerEndpointRegistry.class).stop();
            send(context, "slow", "next");
            assertThat(next(context, "slow")).as("what was slow is accepted as well").containsExactly("next");
        });
    }

    static class Stopped {

        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);

        @KafkaListener(id = "stopped", topics = "stopped", containerFactory = SHARE, autoStartup = "false")
        void listen(String value) throws InterruptedException {
            begun.countDown();
            goOn.await();
        }
    }

    @Test
    void stopFinishesWhatIsBegunAndReleasesTheRest() throws Exception {
        create("stopped");
        runner.withBean(Stopped.class).run(context -> {
            send(context, "stopped", "a", "b", "c");
            Stopped listener = context.getBean(Stopped.class);
            var container = context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer("stopped");
            container.start();
            listener.begun.await();
            await().atMost(SOON).until(() -> container.getInFlight() == 3);
            CountDownLatch hasStopped = new CountDownLatch(1);

            container.stop(hasStopped::countDown);
            await().atMost(SOON).until(() -> container.getInFlight() == 1);
            listener.goOn.countDown();
            hasStopped.await();

            assertThat(container.isRunning()).isFalse();
            assertThat(next(context, "stopped")).containsExactly("b", "c");
        });
    }

    static class Restarting {

        final List<String> got = new CopyOnWriteArrayList<>();

        @Autowired
        private ObjectProvider<KafkaListenerEndpointRegistry> registry;

        @KafkaListener(id = "restarted", topics = "restarted", containerFactory = SHARE)
        void listen(String value) {
            if (value.equals("restart")) {
                MessageListenerContainer container = registry.getObject().getListenerContainer("restarted");
                container.stop();
                container.start();
            }
            got.add(value);
        }
    }

    @Test
    void listenerThatRestartsItsContainerDoesNotWaitForItself() throws Exception {
        create("restarted");
        runner.withBean(Restarting.class).withPropertyValues("kafka.listener.shutdown-timeout=1h").run(context -> {
            Restarting listener = context.getBean(Restarting.class);

            send(context, "restarted", "restart");
            await().atMost(SOON).until(() -> listener.got.size() == 1);
            send(context, "restarted", "next");

            await().atMost(SOON).until(() -> listener.got.size() == 2);
            assertThat(listener.got).containsExactly("restart", "next");
        });
    }

    @Test
    void healthKnowsTheListener() throws Exception {
        create("accepted-health");
        runner.withBean(Accepting.class).run(context -> {
            HealthIndicator health = context.getBean("kafkaHealthContributor", HealthIndicator.class);

            await().atMost(SOON).until(() -> health.health(true).getStatus().equals(Status.UP));
            assertThat(health.health(true).getDetails().get("listeners")).asString().contains("accepted={state=running, group=accepted");
        });
    }

    static class OffsetAcknowledgment {

        @KafkaListener(id = "x", topics = "x", containerFactory = SHARE, ackMode = "MANUAL")
        void listen(String value, Acknowledgment acknowledgment) {}
    }

    static class NotManual {

        @KafkaListener(id = "x", topics = "x", containerFactory = SHARE)
        void listen(String value, ShareAcknowledgment acknowledgment) {}
    }

    static class NeverSaying {

        @KafkaListener(id = "x", topics = "x", containerFactory = SHARE, ackMode = "MANUAL")
        void listen(String value) {}
    }

    static class OneNeverSaying {

        @KafkaListener(id = "x", topics = "x", containerFactory = SHARE, ackMode = "MANUAL")
        static class Handlers {

            @KafkaHandler
            void listen(String value, ShareAcknowledgment acknowledgment) {}

            @KafkaHandler
            void listen(byte[] value) {}
        }

        @Bean
        Handlers handlers() {
            return new Handlers();
        }
    }

    static class OtherConsumer {

        @KafkaListener(id = "x", topics = "x", containerFactory = SHARE)
        void listen(String value, KafkaConsumer<?, ?> consumer) {}
    }

    static class NoShareGroup {

        @KafkaListener(id = "x", topics = "x", ackMode = "MANUAL")
        void listen(String value, ShareAcknowledgment acknowledgment) {}
    }

    static class NoGroup {

        @KafkaListener(topics = "x", containerFactory = SHARE)
        void listen(String value) {}
    }

    private static final Map<Class<?>, String> REFUSALS = Map.of(
            OffsetAcknowledgment.class, "takes an Acknowledgment, but its container is one of a share group: take a ShareAcknowledgment",
            NotManual.class, "takes a ShareAcknowledgment, but the ack mode is not MANUAL",
            NeverSaying.class, "the method listen(String) takes no ShareAcknowledgment, but the ack mode is MANUAL",
            OneNeverSaying.class, "the method listen(byte[]) takes no ShareAcknowledgment, but the ack mode is MANUAL",
            OtherConsumer.class, "takes a KafkaConsumer, but its container is one of a share group: take a KafkaShareConsumer",
            NoShareGroup.class, "takes a ShareAcknowledgment, but its container is not one of a share group",
            NoGroup.class, "it has no group");

    @ParameterizedTest
    @ValueSource(classes = {OffsetAcknowledgment.class, NotManual.class, NeverSaying.class, OneNeverSaying.class, OtherConsumer.class, NoShareGroup.class, NoGroup.class})
    void whatCannotWorkIsRefusedAtTheStart(Class<?> listener) {
        runner.withUserConfiguration(listener).run(context -> assertThat(context).hasFailed().getFailure()
                .hasStackTraceContaining(REFUSALS.get(listener)));
    }

    static class AlwaysAccepting {

        @KafkaListener(id = "x", topics = "x", containerFactory = SHARE)
        void listen(String value) {}
    }

    @Test
    void modeOfAllListenersIsRefusedForOneThatCannotAcknowledge() {
        runner.withBean(AlwaysAccepting.class).withPropertyValues("kafka.listener.ack-mode=manual").run(context -> assertThat(context).hasFailed().getFailure()
                .hasStackTraceContaining("the method listen(String) takes no ShareAcknowledgment, but the ack mode is MANUAL")
                .hasStackTraceContaining("ackMode = \"RECORD\" (kafka.listener.ack-mode is that of share groups as well)"));
    }

    static class InHeaders {

        @KafkaListener(id = "message", topics = "x", containerFactory = SHARE, ackMode = "MANUAL", autoStartup = "false")
        void message(Message<String> message) {}

        @KafkaListener(id = "headers", topics = "x", containerFactory = SHARE, ackMode = "MANUAL", autoStartup = "false")
        void headers(String value, @Headers Map<String, Object> headers) {}

        @KafkaListener(id = "header", topics = "x", containerFactory = SHARE, ackMode = "MANUAL", autoStartup = "false")
        void header(String value, @Header(KafkaHeaders.ACKNOWLEDGMENT) Object acknowledgment) {}

        @KafkaListener(id = "nullable", topics = "x", containerFactory = SHARE, ackMode = "MANUAL", autoStartup = "false")
        void nullable(String value, @Nullable ShareAcknowledgment acknowledgment) {}
    }

    @Test
    void acknowledgmentMayBeTakenFromTheHeaders() {
        runner.withBean(InHeaders.class).run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void keyOfOtherConsumersIsRefused() {
        runner.withBean(Accepting.class).withPropertyValues("kafka.share-consumer.properties.auto.offset.reset=earliest")
                .run(context -> assertThat(context).hasFailed().getFailure().hasStackTraceContaining("kafka.share-consumer.properties.auto.offset.reset"));
    }
}
