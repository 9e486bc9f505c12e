package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandoverTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final EventLoop loop = EventLoop.start("handover-test");
    private final Assignment assignment = new Assignment(() -> {});
    private final RebalanceEvents events = new RebalanceEvents();
    private final List<CompletableFuture<Void>> commits = new ArrayList<>();
    private final Handover handover = new Handover(loop, assignment, ConsumerListener.NONE, this::commit, () -> {}, LONG);

    private CompletableFuture<Void> commit(Collection<PartitionState> states, Duration limit) {
        return commits.isEmpty() ? CompletableFuture.completedFuture(null) : commits.remove(0);
    }

    @AfterEach
    void end() {
        loop.close();
    }

    /** Begins something on the loop; answers when it is begun. */
    private CompletableFuture<Void> begin(Supplier<CompletableFuture<Void>> task) throws Exception {
        CompletableFuture<CompletableFuture<Void>> begun = new CompletableFuture<>();
        loop.execute(() -> begun.complete(task.get()));
        return begun.get(20, TimeUnit.SECONDS);
    }

    private void run(Supplier<CompletableFuture<Void>> task) throws Exception {
        begin(task).get(20, TimeUnit.SECONDS);
    }

    private void takeOver(ConsumerRebalanceListener listener, TopicPartition... partitions) throws Exception {
        run(() -> {
            handover.listener(RebalanceCalls.of(listener));
            return handover.takeOver(List.of(partitions));
        });
    }

    private CompletableFuture<Void> workFinished() {
        handover.workFinished();
        return CompletableFuture.completedFuture(null);
    }

    @Test
    void aLossCutsShortWhatIsBeingGivenUpAndIsToldInItsPlace() throws Exception {
        takeOver(events, FIRST);
        assignment.startedWork(assignment.get(FIRST), List.of(new ConsumerRecord<>("orders", 0, 0, null, null)));
        CompletableFuture<Void> givenUp = begin(() -> handover.giveUp(assignment.states(), LONG, LONG));

        run(handover::lose);
        takeOver(events, FIRST);
        run(this::workFinished);

        assertThat(givenUp).isCompleted();
        events.assertNext("assigned[orders-0]", "lost[orders-0]", "assigned[orders-0]");
        events.assertNoMore();
        assertThat(assignment.partitions()).containsExactly(FIRST);
    }

    @Test
    void aLossDoesNotWaitForACommitThatIsUnderWay() throws Exception {
        takeOver(events, FIRST);
        commits.add(new CompletableFuture<>());
        CompletableFuture<Void> givenUp = begin(() -> handover.giveUp(assignment.states(), LONG, LONG));
        assertThat(givenUp).isNotDone();

        run(handover::lose);

        events.assertNext("assigned[orders-0]", "lost[orders-0]");
        assertThat(assignment.isEmpty()).isTrue();
    }

    @Test
    void whatIsGivenUpTwiceIsToldOnce() throws Exception {
        takeOver(events, FIRST, SECOND);
        assignment.startedWork(assignment.get(FIRST), List.of(new ConsumerRecord<>("orders", 0, 0, null, null)));
        CompletableFuture<Void> first = begin(() -> handover.giveUp(List.of(assignment.get(FIRST)), LONG, LONG));
        CompletableFuture<Void> second = begin(() -> handover.giveUp(assignment.states(), LONG, LONG));
        assignment.finishedWork();

        run(this::workFinished);
        first.get(20, TimeUnit.SECONDS);
        second.get(20, TimeUnit.SECONDS);

        events.assertNext("assigned[orders-0, orders-1]", "revoked[orders-0]", "revoked[orders-1]");
        events.assertNoMore();
        assertThat(assignment.isEmpty()).isTrue();
    }

    @Test
    void whatIsLostWhileTheListenerHearsOfItsRevocationIsNotToldAgainAndSettlesAfterwards() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        takeOver(new RebalanceEvents() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                told.countDown();
                awaitQuietly(held);
                events.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                events.onPartitionsLost(partitions);
            }
        }, FIRST);
        begin(() -> handover.giveUp(assignment.states(), LONG, LONG));
        assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> lost = begin(handover::lose);
        CompletableFuture<Void> settled = begin(handover::settled);
        assertThat(lost).isNotDone();
        assertThat(settled).as("a member must not join before").isNotDone();
        held.countDown();
        settled.get(20, TimeUnit.SECONDS);

        events.assertNext("revoked[orders-0]");
        events.assertNoMore();
        assertThat(assignment.isEmpty()).isTrue();
    }

    @Test
    void aShorterLimitHoldsForWhatIsUnderWayToo() throws Exception {
        takeOver(events, FIRST);
        assignment.startedWork(assignment.get(FIRST), List.of(new ConsumerRecord<>("orders", 0, 0, null, null)));
        CompletableFuture<Void> patient = begin(() -> handover.giveUp(assignment.states(), LONG, LONG));

        run(() -> handover.giveUp(assignment.states(), Duration.ofMillis(1), LONG));

        assertThat(patient).isCompleted();
    }

    @Test
    void aCommitIsWaitedForNoLongerThanItMayTake() throws Exception {
        takeOver(events, FIRST);
        commits.add(new CompletableFuture<>());

        run(() -> handover.giveUp(assignment.states(), LONG, Duration.ofMillis(1)));

        events.assertNext("assigned[orders-0]", "revoked[orders-0]");
    }

    @Test
    void aShorterLimitHoldsForACommitThatIsUnderWayToo() throws Exception {
        takeOver(events, FIRST);
        commits.add(new CompletableFuture<>());
        CompletableFuture<Void> patient = begin(() -> handover.giveUp(assignment.states(), LONG, LONG));
        assertThat(patient).isNotDone();

        run(() -> handover.giveUp(assignment.states(), LONG, Duration.ofMillis(1)));

        assertThat(patient).isCompleted();
        events.assertNext("assigned[orders-0]", "revoked[orders-0]");
    }

    @Test
    void workOfAThreadThatHasEndedIsNotWaitedFor() throws Exception {
        takeOver(events, FIRST);
        Thread worker = new Thread(() -> assignment.startedWork(assignment.get(FIRST), List.of(new ConsumerRecord<>("orders", 0, 0, null, null))));
        worker.start();
        worker.join();

        run(() -> handover.giveUp(assignment.states(), LONG, LONG));

        assertThat(assignment.isEmpty()).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCheckedExceptionThatAListenerDoesNotDeclareDoesNotStopTheRebalances() throws Exception {
        takeOver(new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                throw HandoverTest.<RuntimeException>undeclared(new IOException("disk full"));
            }
        }, FIRST);

        run(() -> handover.giveUp(assignment.states(), LONG, LONG));
        takeOver(events, SECOND);

        events.assertNext("assigned[orders-1]");
        assertThat(assignment.partitions()).containsExactly(SECOND);
    }

    /** Throws it as if it were unchecked, as Kotlin, Groovy and Lombok do. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // that is the trick
    private static <X extends Throwable> X undeclared(Throwable checked) throws X {
        throw (X) checked;
    }
}
