package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ShareGroups.poll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ApiKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Share consumers of two partitions on scripted brokers: whose records are whose when a poll fails in the middle, or comes from another thread. */
@Timeout(60)
class ShareDeliveryTest {

    private final ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
    private final ScriptedShare share = new ScriptedShare(brokers, 2);

    /** What the deserialiser throws next at "bad". */
    private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();

    /** What the deserialiser does first at the next "bad". */
    private final AtomicReference<@Nullable Runnable> duringRead = new AtomicReference<>();

    @AfterEach
    void stop() throws Exception {
        brokers.close();
    }

    private KafkaShareConsumer<String, String> implicit() {
        Serializer<String> values = Serializers.of((String value) -> value.getBytes(UTF_8), this::read);
        return ShareGroups.subscribed(builder(values), ScriptedBrokers.TOPIC);
    }

    private ShareConsumerBuilder<String, String> builder(Serializer<String> values) {
        return KafkaShareConsumer.builder(Serializers.string(), values)
                .bootstrapServers(brokers.bootstrapServers()).groupId(ScriptedBrokers.GROUP)
                .config("retry.backoff.ms", 10).config("retry.backoff.max.ms", 50).config("fetch.max.wait.ms", 50);
    }

    private String read(byte[] data) {
        String value = new String(data, UTF_8);
        Runnable first = value.equals("bad") ? duringRead.getAndSet(null) : null;
        if (first != null) {
            first.run();
        }
        Throwable next = value.equals("bad") ? thrown.getAndSet(null) : null;
        if (next != null) {
            ShareDeliveryTest.<RuntimeException>throwUndeclared(next);
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwUndeclared(Throwable any) throws T {
        throw (T) any;
    }

    @Test
    void whatAPollHasFoundBeforeItFailsIsReleasedAndNotAccepted() throws Exception {
        brokers.logs().append(0, "a");
        brokers.logs().append(1, "bad");
        thrown.set(new OutOfMemoryError("made by the test"));
        Queue<Set<Long>> told = new ConcurrentLinkedQueue<>();

        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            consumer.acknowledgementCommitCallback((offsets, failure) -> told.addAll(offsets.values()));
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(60))).isInstanceOf(OutOfMemoryError.class);
            List<ConsumerRecord<String, String>> again = poll(consumer);

            assertThat(ShareGroups.values(again)).containsExactly("a");
            assertThat(again.get(0).deliveryCount()).contains((short) 2);
            assertThat(share.history()).contains("0:0=2").doesNotContain("0:0=1");
            assertThat(told).as("what no poll has handed out is not the application's affair").isEmpty();
        }
    }

    @Test
    void checkedExceptionThatIsThrownUndeclaredIsAsAnyOtherOfADeserialiser() throws Exception {
        brokers.logs().append(0, "bad");
        thrown.set(new IOException("made by the test"));

        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(60)))
                    .isInstanceOf(RecordDeserializationException.class).hasCauseInstanceOf(IOException.class).hasMessageContaining("orders-0");
        }
    }

    @Test
    void whatAThreadWasGivenThatHasEndedIsReleasedByTheNextPoll() throws Exception {
        brokers.logs().append(0, "a");

        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            Thread task = new Thread(() -> poll(consumer));
            task.start();
            task.join();
            List<ConsumerRecord<String, String>> again = poll(consumer);

            assertThat(ShareGroups.values(again)).containsExactly("a");
            assertThat(again.get(0).deliveryCount()).contains((short) 2);
            assertThat(share.history()).contains("0:0=2").doesNotContain("0:0=1");
        }
    }

    private static void inThreadOfItsOwn(Runnable task) {
        new Thread(task, "share-delivery-under-test").start();
    }

    /** Unsubscribes in a thread of its own; answers when what is subscribed to later comes behind that. */
    private static CompletableFuture<Void> unsubscribing(KafkaShareConsumer<String, String> consumer) {
        CompletableFuture<Void> done = CompletableFuture.runAsync(consumer::unsubscribe, ShareDeliveryTest::inThreadOfItsOwn);
        ScriptedConsumers.await(() -> consumer.subscription().isEmpty());
        return done;
    }

    @Test
    void whatComesIntoASessionThatIsBeingClosedIsNotHandedOut() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        brokers.once(ApiKey.SHARE_FETCH, ScriptedBrokers.after(held, share::fetch));

        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            CompletableFuture<List<ConsumerRecord<String, String>>> polling = CompletableFuture.supplyAsync(() -> poll(consumer), ShareDeliveryTest::inThreadOfItsOwn);
            brokers.next(ApiKey.SHARE_FETCH);
            CompletableFuture<Void> left = unsubscribing(consumer);
            consumer.subscribe(List.of(ScriptedBrokers.TOPIC));
            brokers.logs().append(0, "a");
            held.countDown();
            left.get(30, TimeUnit.SECONDS);

            assertThat(polling.get(60, TimeUnit.SECONDS).get(0).deliveryCount()).as("the end of the session has released the first").contains((short) 2);
        }
    }

    @Test
    void whatIsReadWhileItsSessionIsClosedIsNotHandedOut() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        brokers.logs().append(0, "bad");
        duringRead.set(() -> {
            reading.countDown();
            ScriptedConsumers.await(() -> goOn.getCount() == 0);
        });

        try (KafkaShareConsumer<String, String> consumer = implicit()) {
            CompletableFuture<List<ConsumerRecord<String, String>>> polling = CompletableFuture.supplyAsync(() -> poll(consumer), ShareDeliveryTest::inThreadOfItsOwn);
            assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> left = unsubscribing(consumer);
            consumer.subscribe(List.of(ScriptedBrokers.TOPIC));
            left.get(30, TimeUnit.SECONDS);
            goOn.countDown();

            assertThat(polling.get(60, TimeUnit.SECONDS).get(0).deliveryCount()).as("the end of the session has released the first").contains((short) 2);
        }
    }

    @Test
    void whatIsFinishedIsSentAlthoughAListenerFailsAtTheBeginningOfThePoll() throws Exception {
        brokers.logs().append(0, "a");
        AtomicReference<@Nullable RuntimeException> defect = new AtomicReference<>();
        ConsumerListener listener = new ConsumerListener() {
            @Override
            public void polled(Duration sinceLastPoll) {
                RuntimeException next = defect.getAndSet(null);
                if (next != null) {
                    throw next;
                }
            }
        };

        try (KafkaShareConsumer<String, String> consumer = ShareGroups.subscribed(builder(Serializers.string()).listener(listener), ScriptedBrokers.TOPIC)) {
            poll(consumer);
            defect.set(new IllegalStateException("made by the test"));
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
            assertThat(defect).as("it was thrown").hasNullValue();

            ScriptedConsumers.await(() -> share.history().contains("0:0=1"));
        }
    }

    @Test
    void consumerWhoseLoopHasEndedSaysSoAndStillLetsGoOfWhatItHas() {
        AtomicBoolean isClosed = new AtomicBoolean();
        Serializer<String> values = new Serializer<>() {
            @Override
            public byte @Nullable [] serialize(String topic, Headers headers, @Nullable String value) {
                return value == null ? null : value.getBytes(UTF_8);
            }

            @Override
            public @Nullable String deserialize(String topic, Headers headers, byte @Nullable [] data) {
                return data == null ? null : new String(data, UTF_8);
            }

            @Override
            public void close() {
                isClosed.set(true);
            }
        };
        ConnectionManager connections = ConnectionManager.connect(brokers.bootstrapServers());
        KafkaShareConsumer<String, String> consumer = KafkaShareConsumer.builder(Serializers.string(), values)
                .connections(connections).groupId(ScriptedBrokers.GROUP).build();

        connections.close();

        assertThatThrownBy(() -> consumer.subscribe(List.of(ScriptedBrokers.TOPIC)))
                .isInstanceOf(ClientClosedException.class).hasMessageContaining("loop has ended");
        consumer.close();
        assertThat(isClosed).isTrue();
    }
}
