package dev.kafkaboot.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsResponse;
import dev.kafkaboot.spring.annotation.KafkaHandler;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.listener.DefaultErrorHandler;
import dev.kafkaboot.spring.listener.ListenerRebalanceListener;
import dev.kafkaboot.spring.listener.MessageListenerContainer;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.KafkaHeaders;
import dev.kafkaboot.spring.support.KafkaNull;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.util.backoff.FixedBackOff;

/** What listeners do with records, against a real broker. */
@KafkaCluster
@Timeout(90)
@ExtendWith(OutputCaptureExtension.class)
class ListenerTests {

    record Placed(String id, int amount) {}

    record Cancelled(String id) {}

    /** The type of resource that a group is. */
    private static final byte GROUP_CONFIGS = 32;

    private static final Duration SOON = Duration.ofSeconds(30);

    private static TestApplication application(RealKafka kafka, Object... beans) {
        TestApplication application = new TestApplication(kafka.bootstrapServers());
        for (Object bean : beans) {
            application.with(bean);
        }
        return application;
    }

    private static void send(TestApplication application, String topic, int partition, Object value) throws Exception {
        application.template().send(topic, partition, null, value).get(30, TimeUnit.SECONDS);
    }

    static class Arguments {

        final List<Object> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "arguments", topics = "arguments", ackMode = "MANUAL", info = "note")
        void listen(
                Placed placed,
                @Header(KafkaHeaders.RECEIVED_KEY) String key,
                @Header(KafkaHeaders.RECEIVED_PARTITION) int partition,
                @Header(KafkaHeaders.GROUP_ID) String group,
                @Header(KafkaHeaders.LISTENER_INFO) String info,
                @Header("trace") String trace,
                ConsumerRecord<String, Placed> record,
                Acknowledgment acknowledgment) {
            got.addAll(List.of(placed, key, partition, group, info, trace, record.offset(), record.timestamp()));
            acknowledgment.acknowledge();
        }
    }

    @Test
    void methodGetsPayloadHeadersAndRecord(RealKafka kafka) throws Exception {
        kafka.createTopic("arguments", 2);
        Arguments listener = new Arguments();
        try (TestApplication application = application(kafka, listener).start()) {
            application.template()
                    .send(new ProducerRecord<>("arguments", 1, 77L, "k", new Placed("a", 3), new Headers().add("trace", "t")))
                    .get(30, TimeUnit.SECONDS);

            await().atMost(SOON).until(() -> listener.got.size() == 8);
            assertThat(listener.got).containsExactly(new Placed("a", 3), "k", 1, "arguments", "note", "t", 0L, 77L);
        }
    }

    @KafkaListener(id = "handlers", topics = "handlers")
    static class Handlers {

        final List<Object> got = new CopyOnWriteArrayList<>();

        @KafkaHandler
        void placed(Placed placed) {
            got.add(placed);
        }

        @KafkaHandler
        void cancelled(Cancelled cancelled, @Header(KafkaHeaders.OFFSET) long offset) {
            got.add(cancelled);
        }

        @KafkaHandler
        void deleted(@Payload(required = false) KafkaNull none, @Header(KafkaHeaders.RECEIVED_KEY) String key) {
            got.add("deleted " + key);
        }

        @KafkaHandler(isDefault = true)
        void other(Object other) {
            got.add("default " + other);
        }
    }

    @Test
    void handlerOfAClassIsChosenByTheTypeOfThePayload(RealKafka kafka) throws Exception {
        kafka.createTopic("handlers", 1);
        Handlers listener = new Handlers();
        try (TestApplication application = application(kafka, listener).start()) {
            send(application, "handlers", 0, new Placed("a", 3));
            send(application, "handlers", 0, new Cancelled("a"));
            send(application, "handlers", 0, Map.of("neither", true));
            application.template().send("handlers", 0, "k", null).get(30, TimeUnit.SECONDS);

            await().atMost(SOON).until(() -> listener.got.size() == 4);
            assertThat(listener.got).containsExactly(new Placed("a", 3), new Cancelled("a"), "default {neither=true}", "deleted k");
        }
    }

    static class Failing {

        final List<String> attempts = new CopyOnWriteArrayList<>();
        final List<String> done = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "failing", topics = "failing")
        void listen(Placed placed) {
            attempts.add(placed.id());
            if (placed.amount() < 0) {
                throw new IllegalArgumentException("negative amount");
            }
            done.add(placed.id());
        }
    }

    @Test
    void failingRecordIsTriedAgainAndThenSkippedWithItsPlaceInTheLog(RealKafka kafka, CapturedOutput output) throws Exception {
        kafka.createTopic("failing", 1);
        Failing listener = new Failing();
        try (TestApplication application = application(kafka, listener)
                .factory(factory -> factory.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(10, 2))))
                .start()) {
            send(application, "failing", 0, new Placed("good", 1));
            send(application, "failing", 0, new Placed("bad", -1));
            send(application, "failing", 0, new Placed("next", 1));

            await().atMost(SOON).until(() -> listener.done.size() == 2);
            assertThat(listener.attempts).containsExactly("good", "bad", "bad", "bad", "next");
            assertThat(output.getAll().lines().filter(line -> line.contains("ERROR")))
                    .singleElement().asString().contains("'failing'", "failing-0@1", "3 attempts", "negative amount");
        }
    }

    static class Strict {

        final List<Placed> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "strict", topics = "strict")
        void listen(Placed placed) {
            got.add(placed);
        }
    }

    @Test
    void payloadThatCannotBeReadIsSkippedAtOnceAndStopsNothing(RealKafka kafka, CapturedOutput output) throws Exception {
        kafka.createTopic("strict", 1);
        Strict listener = new Strict();
        try (TestApplication texts = application(kafka).with("values", "string").start();
                TestApplication application = application(kafka, listener).start()) {
            send(texts, "strict", 0, "{oops");
            send(application, "strict", 0, new Placed("a", 1));

            await().atMost(SOON).until(() -> listener.got.size() == 1);
            assertThat(output.getAll().lines().filter(line -> line.contains("ERROR")))
                    .singleElement().asString().contains("strict-0@0", "1 attempt ", "Cannot read", "Placed");
        }
    }

    /** Its work takes more than twice as long as the group would wait for a member that is silent. */
    abstract static class Slow {

        final List<String> got = new CopyOnWriteArrayList<>();
        final CountDownLatch begun = new CountDownLatch(1);

        void work(String id) throws InterruptedException {
            if (id.equals("slow")) {
                begun.countDown();
                assertThat(new CountDownLatch(1).await(4_500, TimeUnit.MILLISECONDS)).isFalse();
            }
            got.add(id);
        }
    }

    static class SlowInClassicGroup extends Slow {

        @KafkaListener(
                id = "slow-classic", topics = "slow-classic", properties = {"session.timeout.ms=2000", "heartbeat.interval.ms=200", "max.poll.interval.ms=2000"})
        void listen(String id) throws InterruptedException {
            work(id);
        }
    }

    static class SlowInGroupOfTheNewerProtocol extends Slow {

        @KafkaListener(id = "slow-consumer", topics = "slow-consumer", properties = "max.poll.interval.ms=2000")
        void listen(String id) throws InterruptedException {
            work(id);
        }
    }

    static class Rebalances implements ConsumerRebalanceListener {

        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> events.add("assigned " + partition));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> events.add("revoked " + partition));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> events.add("lost " + partition));
        }
    }

    @Test
    void slowRecordCostsNeitherTheMembershipNorOtherPartitions(RealKafka kafka) throws Exception {
        kafka.createTopic("slow-classic", 2);
        kafka.createTopic("slow-consumer", 2);
        Slow classic = new SlowInClassicGroup();
        Slow newer = new SlowInGroupOfTheNewerProtocol();
        Rebalances ofTheClassic = new Rebalances();
        Rebalances ofTheNewer = new Rebalances();
        try (TestApplication first = application(kafka, classic, ofTheClassic).factory(factory -> factory.setConcurrency(2)).start();
                TestApplication second = application(kafka, newer, ofTheNewer).with("protocol", "consumer")
                        .factory(factory -> factory.setConcurrency(2)).start()) {
            shortenSession(second, "slow-consumer");
            for (String topic : List.of("slow-classic", "slow-consumer")) {
                send(first, topic, 0, "slow");
                send(first, topic, 0, "behind");
            }
            assertThat(classic.begun.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(newer.begun.await(30, TimeUnit.SECONDS)).isTrue();
            send(first, "slow-classic", 1, "beside");
            send(first, "slow-consumer", 1, "beside");

            await().atMost(SOON).until(() -> classic.got.size() == 3 && newer.got.size() == 3);

            assertThat(classic.got).containsExactly("beside", "slow", "behind");
            assertThat(newer.got).containsExactly("beside", "slow", "behind");
            assertThat(ofTheClassic.events).containsExactlyInAnyOrder("assigned slow-classic-0", "assigned slow-classic-1");
            assertThat(ofTheNewer.events).containsExactlyInAnyOrder("assigned slow-consumer-0", "assigned slow-consumer-1");
        }
    }

    /** Where the brokers decide how long a member may be silent (KIP-848), they are told. */
    private static void shortenSession(TestApplication application, String group) throws Exception {
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest().resources(List.of(
                new IncrementalAlterConfigsRequest.AlterConfigsResource().resourceType(GROUP_CONFIGS).resourceName(group).configs(List.of(
                        new IncrementalAlterConfigsRequest.AlterableConfig().name("consumer.session.timeout.ms").value("2000")))));

        IncrementalAlterConfigsResponse response = application.bean(ConnectionManager.class).send(request).get(30, TimeUnit.SECONDS);

        assertThat(response.responses()).singleElement().satisfies(answer -> assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE.code()));
    }

    static class FailingRebalances implements ListenerRebalanceListener {

        @Override
        public void onPartitionsAssigned(MessageListenerContainer container, Collection<TopicPartition> partitions) {
            throw new IllegalStateException("not for me");
        }
    }

    static class OthersRebalances extends Rebalances implements ListenerRebalanceListener {

        @Override
        public boolean appliesTo(String listenerId) {
            return listenerId.equals("another");
        }
    }

    static class Plain {

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "plain", topics = "plain")
        void listen(String text) {
            got.add(text);
        }
    }

    @Test
    void rebalanceListenersAreToldAndOneThatFailsStopsNoOther(RealKafka kafka) throws Exception {
        kafka.createTopic("plain", 1);
        Plain listener = new Plain();
        Rebalances rebalances = new Rebalances();
        OthersRebalances others = new OthersRebalances();
        try (TestApplication application = application(kafka, new FailingRebalances(), listener, rebalances, others).start()) {
            send(application, "plain", 0, "text");
            await().atMost(SOON).until(() -> listener.got.size() == 1);

            assertThat(rebalances.events).containsExactly("assigned plain-0");
            application.container("plain").stop();
            assertThat(rebalances.events).containsExactly("assigned plain-0", "revoked plain-0");
            assertThat(others.events).isEmpty();
        }
    }

    static class Pausing {

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "pausing", topics = "pausing")
        void listen(String text) {
            got.add(text);
        }
    }

    @Test
    void pausedListenerKeepsItsPartitionsAndTakesNothingUntilItIsResumed(RealKafka kafka) throws Exception {
        kafka.createTopic("pausing", 1);
        Pausing listener = new Pausing();
        Rebalances rebalances = new Rebalances();
        try (TestApplication application = application(kafka, listener, rebalances).start()) {
            MessageListenerContainer container = application.container("pausing");
            send(application, "pausing", 0, "first");
            await().atMost(SOON).until(() -> listener.got.size() == 1);

            container.pause();
            assertThat(container.isPauseRequested()).isTrue();
            await().atMost(SOON).until(container::isContainerPaused);
            send(application, "pausing", 0, "second");
            assertThat(listener.got).containsExactly("first");

            container.resume();
            await().atMost(SOON).until(() -> listener.got.size() == 2);
            assertThat(rebalances.events).containsExactly("assigned pausing-0");
        }
    }

    static class Restarting {

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "restarting", topics = "restarting", autoStartup = "false")
        void listen(String text) {
            got.add(text);
        }
    }

    @Test
    void listenerStartsWhenItIsToldToAndAgainAfterAStop(RealKafka kafka) throws Exception {
        kafka.createTopic("restarting", 1);
        Restarting listener = new Restarting();
        try (TestApplication application = application(kafka, listener).start()) {
            MessageListenerContainer container = application.container("restarting");
            assertThat(container.isRunning()).isFalse();
            assertThat(container.isInExpectedState()).isTrue();
            send(application, "restarting", 0, "first");

            container.start();
            await().atMost(SOON).until(() -> listener.got.size() == 1);
            container.stop();
            assertThat(container.isRunning()).isFalse();
            send(application, "restarting", 0, "second");
            container.start();

            await().atMost(SOON).until(() -> listener.got.size() == 2);
            assertThat(listener.got).containsExactly("first", "second");
        }
    }

    static class Measured {

        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);

        @KafkaListener(id = "measured", topics = "measured")
        void listen(String text) throws InterruptedException {
            begun.countDown();
            goOn.await();
        }
    }

    @Test
    void lagAndWorkInFlightAreKnown(RealKafka kafka) throws Exception {
        kafka.createTopic("measured", 1);
        Measured listener = new Measured();
        try (TestApplication application = application(kafka, listener).start()) {
            MessageListenerContainer container = application.container("measured");
            for (int i = 0; i < 10; i++) {
                send(application, "measured", 0, "text");
            }
            assertThat(listener.begun.await(30, TimeUnit.SECONDS)).isTrue();

            await().atMost(SOON).until(() -> container.getLag().equals(Map.of(new TopicPartition("measured", 0), 10L)));
            await().atMost(SOON).until(() -> container.getInFlight() == 10);
            listener.goOn.countDown();

            await().atMost(SOON).until(() -> container.getLag().equals(Map.of(new TopicPartition("measured", 0), 0L)));
            assertThat(container.getInFlight()).isZero();
        }
    }

    static class Unhurried {

        final CountDownLatch goOn = new CountDownLatch(1);

        @KafkaListener(id = "unhurried", topics = "unhurried")
        void listen(String text) throws InterruptedException {
            goOn.await();
        }
    }

    @Test
    void lagGrowsWhileThePartitionIsHeldBackByTheListenersOwnPace(RealKafka kafka) throws Exception {
        kafka.createTopic("unhurried", 1);
        Unhurried listener = new Unhurried();
        try (TestApplication application = application(kafka, listener)
                .factory(factory -> factory.getContainerProperties().setMaxQueuedRecords(2))
                .start()) {
            MessageListenerContainer container = application.container("unhurried");
            for (int i = 0; i < 10; i++) {
                send(application, "unhurried", 0, "text");
            }
            await().atMost(SOON).until(() -> container.getLag().equals(Map.of(new TopicPartition("unhurried", 0), 10L)));

            for (int i = 0; i < 20; i++) {
                send(application, "unhurried", 0, "text");
            }

            await().atMost(SOON).until(() -> container.getLag().equals(Map.of(new TopicPartition("unhurried", 0), 30L)));
            listener.goOn.countDown();
            await().atMost(SOON).until(() -> container.getLag().equals(Map.of(new TopicPartition("unhurried", 0), 0L)));
        }
    }

    static class Ranging {

        @KafkaListener(id = "ranging", groupId = "disunited", topics = "disunited", properties = "partition.assignment.strategy=range")
        void listen(String text) {}
    }

    static class Sticky {

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "sticky", groupId = "disunited", topics = "disunited", properties = "partition.assignment.strategy=cooperative-sticky")
        void listen(String text) {
            got.add(text);
        }
    }

    @Test
    void listenerThatItsGroupRefusesSaysSoUntilItIsTaken(RealKafka kafka) throws Exception {
        kafka.createTopic("disunited", 1);
        Sticky listener = new Sticky();
        try (TestApplication first = application(kafka, new Ranging()).start()) {
            await().atMost(SOON).until(() -> !first.container("ranging").getAssignedPartitions().isEmpty());
            try (TestApplication second = application(kafka, listener).start()) {
                MessageListenerContainer refused = second.container("sticky");

                await().atMost(SOON).until(() -> !refused.isInExpectedState());
                assertThat(refused.getLastError()).hasMessageContaining("INCONSISTENT_GROUP_PROTOCOL");
                first.container("ranging").stop();
                send(second, "disunited", 0, "text");

                await().atMost(SOON).until(() -> listener.got.size() == 1);
                await().atMost(SOON).until(refused::isInExpectedState);
                assertThat(refused.getLastError()).isNull();
            }
        }
    }

    static class Waiting {

        @KafkaListener(id = "waiting", topics = "not a topic!")
        void illegal(String text) {}

        final List<String> got = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "early", topics = "comes-late", properties = "allow.auto.create.topics=false")
        void listen(String text) {
            got.add(text);
        }
    }

    @Test
    void topicThatAListenerGetsNothingOfIsTold(RealKafka kafka, CapturedOutput output) throws Exception {
        Waiting listener = new Waiting();
        try (TestApplication application = application(kafka, listener).start()) {
            MessageListenerContainer illegal = application.container("waiting");
            MessageListenerContainer early = application.container("early");

            await().atMost(SOON).until(() -> illegal.getTopicProblems().containsKey("not a topic!")); // a poll may have told it before
            assertThat(illegal.getTopicProblems().get("not a topic!")).contains("INVALID_TOPIC_EXCEPTION");
            assertThat(illegal.isInExpectedState()).isFalse();
            await().atMost(SOON).until(() -> early.getTopicProblems().containsKey("comes-late"));
            assertThat(early.isInExpectedState()).isTrue();
            assertThat(output.getAll().lines().filter(line -> line.contains("WARN")))
                    .anySatisfy(line -> assertThat(line).contains("'waiting'", "'not a topic!'", "INVALID_TOPIC_EXCEPTION"))
                    .anySatisfy(line -> assertThat(line).contains("'early'", "'comes-late'", "UNKNOWN_TOPIC_OR_PARTITION"));

            kafka.createTopic("comes-late", 1);
            await().atMost(SOON).until(() -> early.getTopicProblems().isEmpty());
        }
    }
}
