package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.spring.core.DefaultShareConsumerFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The run of a container of a share group, before there is a broker. */
@Timeout(60)
class ShareContainerRunTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final ContainerProperties properties = new ContainerProperties("orders");
    private final KafkaShareConsumer<byte[], byte[]> consumer = new DefaultShareConsumerFactory<>(
            Map.of("bootstrap.servers", "127.0.0.1:1", "group.id", "billing", "share.acknowledgement.mode", "explicit"),
            Serializers.string(), Serializers.string()).createBytesShareConsumer(Map.of());

    private ShareContainerRun run(Duration patience, CompletableFuture<?> startAfter) {
        RecordHandling handling = new RecordHandling(
                "test", "billing", (MessageListener<String, String>) record -> {}, Serializers.string(), Serializers.string(), properties,
                failed -> ErrorDecision.skip());
        Observers observers = new Observers(null, List.of());
        return new ShareContainerRun("test", properties, consumer, (work, line) -> new ShareRecordRunner(handling, consumer, work, observers, line), Runnable::run,
                observers, topic -> null, new JoinWatch("test", SOON, patience, /* hearsOfEachRebalance= */ false, new ConsumerRebalanceListener() {}), SOON, startAfter);
    }

    @Test
    void runThatWaitsForItsTopicsSaysSoUntilItHasBegun() throws Exception {
        CompletableFuture<Void> created = new CompletableFuture<>();
        ShareContainerRun run = run(/* patience= */ Duration.ZERO, created);
        Thread polling = new Thread(run::poll);
        polling.start();

        await().atMost(SOON).until(() -> run.lastError() != null);
        assertThat(run.lastError()).hasMessageContaining("waited for topics [orders] to be created");
        assertThat(consumer.subscription()).isEmpty();
        created.complete(null);

        await().atMost(SOON).until(() -> consumer.subscription().contains("orders"));
        await().atMost(SOON).until(() -> run.lastError() == null);
        run.stop(Duration.ZERO);
        polling.join();
    }

    @Test
    void runThatIsStoppedBeforeItHasBegunHasNotFailed() {
        ShareContainerRun run = run(JoinWatch.PATIENCE, new CompletableFuture<>());
        Thread stopping = new Thread(() -> run.stop(SOON));
        stopping.start();

        run.poll();

        assertThat(run.lastError()).isNull();
        assertThat(run.doesItsWork()).isTrue();
    }
}
