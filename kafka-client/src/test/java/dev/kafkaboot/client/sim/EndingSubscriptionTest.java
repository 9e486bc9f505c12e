package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.AsyncConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.sim.GroupRun.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What else is called while a subscription ends, which takes as long as the application needs to give its partitions up. */
class EndingSubscriptionTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);

    private static final Duration A_WHILE = Duration.ofSeconds(2);

    /** Writes down what it hears, and is not finished with what is revoked until it is told to be. */
    private static final class Slow implements AsyncConsumerRebalanceListener {

        private final CompletableFuture<Void> finish = new CompletableFuture<>();
        private final List<String> heard = new ArrayList<>();

        @Override
        public CompletionStage<?> onPartitionsRevoked(Collection<TopicPartition> partitions) {
            heard.add("revoked" + new TreeSet<>(partitions));
            return finish;
        }
    }

    /** A call in a thread of its own. */
    private static final class Call {

        private boolean isOver;

        Call(GroupRun run, String name, Runnable call) {
            run.simulation().thread(name, () -> {
                call.run();
                isOver = true;
            });
            run.simulation().sleep(A_WHILE);
        }
    }

    /** A member that was assigned everything, and whose subscription is ending. */
    private static void whileEnding(GroupProtocol protocol, EndingBody body) {
        GroupRun.of(run -> {
            Slow listener = new Slow();
            try (KafkaConsumer<String, String> consumer = run.builder().groupProtocol(protocol).build()) {
                consumer.subscribe(List.of("orders"), listener);
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
                Call unsubscribe = new Call(run, "unsubscribe", consumer::unsubscribe);
                assertThat(unsubscribe.isOver).isFalse();

                body.run(run, consumer, listener);

                assertThat(unsubscribe.isOver).isTrue();
            }
            assertThat(listener.heard).containsExactly("revoked[orders-0, orders-1]");
        });
    }

    @FunctionalInterface
    private interface EndingBody {

        void run(GroupRun run, KafkaConsumer<String, String> consumer, Slow listener);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void anotherUnsubscribeWaitsForTheSameEnd(GroupProtocol protocol) {
        whileEnding(protocol, (run, consumer, listener) -> {
            Call second = new Call(run, "unsubscribe again", consumer::unsubscribe);
            assertThat(second.isOver).isFalse();
            assertThat(consumer.assignment()).as("not given up yet").hasSize(2);

            listener.finish.complete(null);
            run.simulation().sleep(A_WHILE);

            assertThat(second.isOver).isTrue();
            assertThat(consumer.assignment()).isEmpty();
            assertThat(run.members()).isZero();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void anotherSubscriptionBeginsBehindTheEndAndHasItsOwnListener(GroupProtocol protocol) {
        whileEnding(protocol, (run, consumer, listener) -> {
            Events events = new Events();
            consumer.subscribe(List.of("orders"), events);
            run.pollFor(A_WHILE, consumer);
            assertThat(events.take()).isEmpty();

            listener.finish.complete(null);
            pollUntil(() -> !events.heard.isEmpty(), consumer);
            consumer.unsubscribe();

            assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "revoked[orders-0, orders-1]");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void whatIsAssignedByHandIsSoBehindTheEndAndStays(GroupProtocol protocol) {
        whileEnding(protocol, (run, consumer, listener) -> {
            run.cluster(cluster -> cluster.log("orders", 0).append("k", "a"));
            Call assign = new Call(run, "assign", () -> consumer.assign(List.of(FIRST)));
            assertThat(assign.isOver).isFalse();

            listener.finish.complete(null);
            run.simulation().sleep(A_WHILE);

            assertThat(assign.isOver).isTrue();
            assertThat(consumer.assignment()).containsExactly(FIRST);
            assertThat(run.pollFor(A_WHILE, consumer)).containsExactly("a");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void listenerHearsNothingOfWhatIsAssignedByHandAfterTheEnd(GroupProtocol protocol) {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.builder().groupProtocol(protocol).build()) {
                consumer.subscribe(List.of("orders"), events);
                pollUntil(() -> consumer.assignment().size() == 2, consumer);
                consumer.unsubscribe();
                consumer.assign(List.of(FIRST));
            }

            assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "revoked[orders-0, orders-1]");
        });
    }

    /** Does something with the consumer in its first call. */
    private static final class Calling extends Events {

        private final Consumer<KafkaConsumer<String, String>> action;
        private final KafkaConsumer<String, String> consumer;

        Calling(KafkaConsumer<String, String> consumer, Consumer<KafkaConsumer<String, String>> action) {
            this.consumer = consumer;
            this.action = action;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            super.onPartitionsAssigned(partitions);
            action.accept(consumer);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void listenersOwnCallMayUnsubscribeAndIsNotWaitedForByItself(GroupProtocol protocol) {
        GroupRun.of(run -> {
            try (KafkaConsumer<String, String> consumer = run.builder().groupProtocol(protocol).build()) {
                Calling events = new Calling(consumer, self -> {
                    self.unsubscribe();
                    self.unsubscribe();
                    assertThatThrownBy(() -> self.assign(List.of(FIRST))).isInstanceOf(IllegalStateException.class).hasMessageContaining("unsubscribe()");
                });
                consumer.subscribe(List.of("orders"), events);
                consumer.poll(Duration.ofSeconds(5));
                run.simulation().sleep(A_WHILE);

                assertThat(consumer.assignment()).isEmpty();
                assertThat(run.members()).isZero();
                assertThat(events.take()).containsExactly("assigned[orders-0, orders-1]", "revoked[orders-0, orders-1]");
            }
        });
    }
}
