package dev.kafkaboot.test;

import dev.kafkaboot.test.fake.FakeBroker;
import dev.kafkaboot.test.fake.FakeKafka;
import dev.kafkaboot.test.fake.FakeKafkaBuilder;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FakeKafka} behind loopback sockets: a Kafka cluster for tests that is ready in milliseconds, needs no jar of Kafka's and does what a test tells it.
 *
 * <pre>{@code
 * try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
 *     kafka.createTopic("orders", 3);
 *     connectTo(kafka.bootstrapServers());
 *     kafka.tell(cluster -> cluster.on(ProduceRequest.class).times(2).fail(ErrorCode.NOT_LEADER_OR_FOLLOWER));
 * }
 * }</pre>
 *
 * <p>Each broker listens on a port of its own, which it keeps while it is stopped and started. One thread serves all of them; {@link #ask} and {@link #tell}
 * run on it, so that the cluster is only ever touched by that thread. Everything is kept in memory.
 *
 * <p>Thread-safe.
 */
public final class FakeKafkaServer implements TestKafka {

    private static final int DEFAULT_REPLICATION_FACTOR = 3;

    private final FakeServerLoop loop;

    private FakeKafkaServer(FakeServerLoop loop) {
        this.loop = loop;
    }

    /** Starts one broker with the defaults. */
    public static FakeKafkaServer start() {
        return start(FakeKafka.builder());
    }

    /**
     * Starts a cluster. The builder's time of day and addresses are replaced by the real ones.
     *
     * @throws RealKafkaException if there is no free port
     */
    public static FakeKafkaServer start(FakeKafkaBuilder cluster) {
        return new FakeKafkaServer(FakeServerLoop.start(cluster.startAt(System.nanoTime(), Instant.now()).build()));
    }

    /**
     * Asks the cluster for something, on its thread, and waits for it.
     *
     * @throws RuntimeException what the question throws
     * @throws IllegalStateException if the cluster is closed
     */
    public <T> T ask(Function<FakeKafka, T> question) {
        Question<T> asked = new Question<>(question);
        loop.execute(asked);
        try {
            return asked.answer.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                cause.addSuppressed(new IllegalStateException("asked for here"));
                throw cause;
            }
            throw failure;
        }
    }

    /** Tells the cluster something, on its thread, and waits until that is done. As {@link #ask}. */
    public void tell(Consumer<FakeKafka> order) {
        ask(cluster -> {
            order.accept(cluster);
            return true;
        });
    }

    @Override
    public String bootstrapServers() {
        return ask(cluster -> cluster.brokers().stream().map(FakeBroker::address).collect(Collectors.joining(",")));
    }

    @Override
    public int brokerCount() {
        return ask(cluster -> cluster.brokers().size());
    }

    @Override
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, -1, Map.of());
    }

    @Override
    public void createTopic(String name, int partitions, int replicationFactor, Map<String, String> configs) {
        int replicas = replicationFactor < 0 ? DEFAULT_REPLICATION_FACTOR : replicationFactor;
        tell(cluster -> cluster.createTopic(name, partitions, replicas, configs));
    }

    @Override
    public void killBroker(int id) {
        tell(cluster -> cluster.broker(id).kill());
    }

    @Override
    public void stopBroker(int id) {
        tell(cluster -> cluster.broker(id).stop());
    }

    @Override
    public void startBroker(int id) {
        tell(cluster -> cluster.broker(id).start());
    }

    /**
     * Lets a broker listen on another port and advertise that, as if it had moved. Connections that are open stay so.
     *
     * @return the new port
     */
    public int moveBroker(int id) {
        return ask(cluster -> loop.move(cluster.broker(id)));
    }

    /**
     * Closes every connection and ends the thread.
     *
     * @throws IllegalStateException if the cluster itself failed meanwhile: a defect of the fake, which must not pass unseen
     */
    @Override
    public void close() {
        loop.close();
    }

    private static final class Question<T> implements FakeServerLoop.Order {

        private final Function<FakeKafka, T> question;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private @Nullable Runnable completion;

        Question(Function<FakeKafka, T> question) {
            this.question = question;
        }

        @Override
        public void carryOut(FakeKafka cluster) {
            try {
                T found = question.apply(cluster);
                completion = () -> answer.complete(found);
            } catch (RuntimeException | Error failure) {
                completion = () -> answer.completeExceptionally(failure);
            }
        }

        @Override
        public void done() {
            Objects.requireNonNull(completion, "carried out before it is done").run();
        }

        @Override
        public void refuse(RuntimeException reason) {
            answer.completeExceptionally(reason);
        }
    }
}
