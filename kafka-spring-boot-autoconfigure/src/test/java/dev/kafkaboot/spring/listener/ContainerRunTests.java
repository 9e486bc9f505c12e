package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.CorruptBatchException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run makes of polls that fail, of rebalances and of its end. */
@Timeout(60)
class ContainerRunTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final RunBench bench = new RunBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void runThatIsStoppedBeforeItHasBegunHasNotFailed() throws Exception {
        bench.prepare();
        Future<?> stop = beside(() -> bench.run().stop(SOON));
        await().atMost(SOON).until(bench.consumer()::isClosed);

        bench.run().poll();

        stop.get(30, TimeUnit.SECONDS);
        assertThat(bench.run().lastError()).isNull();
    }

    @Test
    void runThatWaitsForItsTopicsSaysSoUntilItHasBegun() throws Exception {
        CompletableFuture<Void> created = new CompletableFuture<>();
        bench.startAfter = created;
        bench.patience = Duration.ZERO;
        bench.prepare();
        Future<?> polling = beside(bench.run()::poll);

        await().atMost(SOON).until(() -> bench.run().lastError() != null);
        assertThat(bench.run().lastError()).hasMessageContaining("waited for topics [orders] to be created");
        assertThat(bench.consumer().calls()).isEmpty();
        created.complete(null);

        await().atMost(SOON).until(() -> bench.consumer().calls().contains("subscribe"));
        bench.consumer().assign(0);
        assertThat(bench.run().lastError()).isNull();
        bench.run().stop(Duration.ZERO);
        polling.get(30, TimeUnit.SECONDS);
    }

    @Test
    void batchThatCannotBeReadHoldsItsPartitionAndIsNeverSkipped() throws Exception {
        bench.start(0, 1);
        RuntimeException damaged = new CorruptBatchException("Cannot read orders-0 at offset 5", ScriptedConsumer.partition(0), 5, 7, null);

        bench.consumer().breaks(0, damaged);
        bench.consumer().fetched(0, 6);
        await().atMost(SOON).until(() -> !bench.run().doesItsWork());
        bench.consumer().fetched(1, 7);

        await().atMost(SOON).until(() -> bench.consumer().committed(1) == 8);
        assertThat(bench.run().lastError()).isSameAs(damaged);
        assertThat(bench.consumer().calls()).noneMatch(call -> call.startsWith("seek"));
        assertThat(bench.consumer().committed(0)).isEqualTo(-1);
        assertThat(bench.done).containsExactly("1@7");

        bench.consumer().breaks(0, null);
        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 7);
        await().atMost(SOON).until(() -> bench.run().lastError() == null);
        assertThat(bench.run().doesItsWork()).isTrue();
    }

    @Test
    void consumerThatItsGroupRefusesTriesAgainAndTheFailureIsToldUntilItIsAMember() throws Exception {
        bench.start(0);
        KafkaException refusal = new KafkaException("group 'billing': GROUP_AUTHORIZATION_FAILED");

        bench.consumer().isRefused(refusal);
        await().atMost(SOON).until(() -> !bench.run().doesItsWork());
        await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> bench.run().lastError() == refusal && !bench.run().doesItsWork());
        assertThat(bench.run().partitions()).isEmpty();

        bench.consumer().isWelcome();
        await().atMost(SOON).until(bench.consumer()::goesOn);
        bench.consumer().assign(0);
        await().atMost(SOON).until(() -> bench.run().lastError() == null);
        assertThat(bench.run().doesItsWork()).isTrue();
    }

    @Test
    void consumerInWhosePlaceAnotherOfItsNameCameStaysOutOfTheGroup() throws Exception {
        bench.start(0);
        KafkaException fenced = new BrokerException("group 'billing'", ErrorCode.FENCED_INSTANCE_ID, ApiKey.HEARTBEAT, null, "another has its name");

        bench.consumer().isRefused(fenced);
        await().atMost(SOON).until(() -> !bench.run().doesItsWork());
        int polls = bench.consumer().timeouts().size();
        bench.consumer().fails((RuntimeException) null);
        bench.consumer().fetched(0, 5); // the other is away for a moment: it would be let in if it polled

        await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> bench.consumer().timeouts().size() == polls);
        assertThat(bench.done).isEmpty();
        assertThat(bench.consumers).hasSize(1);
        assertThat(bench.consumer().calls()).containsOnlyOnce("subscribe");
        assertThat(bench.run().lastError()).isSameAs(fenced);
    }

    @Test
    void recordsThatWerePolledBeforeTheirPartitionWasLostAreNotThoseOfTheNextAssignment() throws Exception {
        bench.start(0);
        CountDownLatch cameBack = new CountDownLatch(1);
        bench.consumer().onTaken = () -> {
            if (cameBack.getCount() > 0) {
                bench.consumer().lose(0);
                bench.consumer().assign(0);
                cameBack.countDown();
            }
        };

        bench.consumer().fetched(0, 100, 101);
        cameBack.await();
        bench.consumer().fetched(0, 50);

        await().atMost(SOON).until(() -> bench.consumer().committed(0) >= 0);
        assertThat(bench.consumer().committed(0)).isEqualTo(51);
        assertThat(bench.done).containsExactly("0@50");
    }

    @Test
    void recordsOfAPartitionThatStaysAreHandedOutWhereverItsPositionIsWhenAnotherGoes() throws Exception {
        assertHandedOutWhenAnotherGoes(101L);
    }

    @Test
    void recordsOfAPartitionThatStaysAreHandedOutWhenItsPositionIsLostAndAnotherGoes() throws Exception {
        assertHandedOutWhenAnotherGoes(null);
    }

    private void assertHandedOutWhenAnotherGoes(Long position) throws Exception {
        bench.start(0, 1);
        bench.consumer().onTaken = () -> {
            bench.consumer().onTaken = () -> {};
            bench.consumer().revoke(1);
            bench.consumer().moves(0, position);
        };

        bench.consumer().fetched(0, 100, 101, 102);

        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 103);
        assertThat(bench.done).containsExactly("0@100", "0@101", "0@102");
    }

    @Test
    void recordThatCouldNotBeReadBeforeItsPartitionWasLostMovesNotThePositionOfTheNextAssignment() throws Exception {
        bench.start(0);
        CountDownLatch cameBack = new CountDownLatch(1);
        bench.consumer().onTaken = () -> {
            bench.consumer().onTaken = () -> {};
            bench.consumer().lose(0);
            bench.consumer().assign(0);
            bench.consumer().breaks(0, null);
            cameBack.countDown();
        };

        bench.consumer().breaks(0, new RecordDeserializationException(
                "Cannot deserialise", ScriptedConsumer.partition(0), 100, null, new byte[] {1}, new IllegalArgumentException("no text")));
        cameBack.await();
        bench.consumer().fetched(0, 50);

        await().atMost(SOON).until(() -> bench.consumer().committed(0) >= 0);
        assertThat(bench.consumer().committed(0)).isEqualTo(51);
        assertThat(bench.consumer().calls()).noneMatch(call -> call.startsWith("seek"));
        assertThat(bench.done).containsExactly("0@50");
    }

    @Test
    void recordsOfAPartitionThatCameDuringThePollAreHandedOut() throws Exception {
        bench.start();
        CountDownLatch came = new CountDownLatch(1);
        bench.consumer().onTaken = () -> {
            bench.consumer().assign(0);
            came.countDown();
        };

        bench.consumer().fetched(0, 5);
        came.await();

        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 6);
    }

    @Test
    void runGoesOnWhateverFailsWhileItDealsWithAFailure() throws Exception {
        bench.start(0);
        bench.consumer().onClose = () -> {
            throw new InternalError("for now");
        };
        ScriptedConsumer first = bench.consumer();

        first.fails(new InternalError("for now"));

        await().atMost(SOON).until(() -> bench.consumers.size() == 2 && bench.consumer().calls().contains("subscribe"));
        first.onClose = () -> {};
        bench.consumer().assign(0);
        bench.consumer().fetched(0, 5);
        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 6);
    }

    @Test
    void runGoesOnWhenItCannotEvenTellOfAFailure() throws Exception {
        bench.start(0);
        bench.consumer().fails(new KafkaException("not now") {
            @Override
            public String getMessage() {
                throw new InternalError("for now");
            }
        });
        await().atMost(SOON).until(() -> bench.run().lastError() != null);

        bench.consumer().fails((RuntimeException) null);
        bench.consumer().fetched(0, 5);

        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 6);
    }

    @Test
    void pollThatIsToWaitForNothingWaitsALittleSoThatItDoesNotSpin() throws Exception {
        bench.properties.setPollTimeout(Duration.ZERO);

        bench.start(0);
        bench.consumer().fetched(0, 5);
        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 6);

        assertThat(bench.consumer().timeouts()).isNotEmpty().allMatch(timeout -> timeout.compareTo(Duration.ZERO) > 0);
    }

    @Test
    void whatWaitsIsBoundedForAllPartitionsTogether() throws Exception {
        Gate gate = new Gate();
        bench.properties.setMaxQueuedBytesInAll(1024 * 1024);
        bench.listener(gate).start(0, 1, 2, 3);
        bench.consumer().fetched(0, 5);
        gate.awaitEntered();

        bench.consumer().fetchedLarge(1, 200 * 1024, 5);
        bench.consumer().fetchedLarge(2, 200 * 1024, 5, 6);

        await().atMost(SOON).until(() -> bench.consumer().calls().contains("pause orders-2"));
        assertThat(bench.consumer().calls()).as("has less than its share").doesNotContain("pause orders-1");
        gate.open();
        await().atMost(SOON).until(() -> bench.consumer().calls().contains("resume orders-2"));
        await().atMost(SOON).until(() -> bench.consumer().committed(2) == 7);
    }

    @Test
    void consumerThatIsNotLetInIsKeptWithItsPartitionsUntilItIs() throws Exception {
        bench.start(0);
        KafkaException refusal = new AuthenticationException("broker 1 refused SCRAM-SHA-256 for user 'billing'");

        bench.consumer().fails(refusal);
        await().atMost(SOON).until(() -> bench.run().lastError() == refusal);
        assertThat(bench.run().partitions()).hasSize(1);
        bench.consumer().fails((RuntimeException) null);
        bench.consumer().fetched(0, 5);

        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 6);
        assertThat(bench.consumers).hasSize(1);
        assertThat(bench.consumer().calls()).containsOnlyOnce("subscribe").doesNotContain("close");
    }

    @Test
    void failureThatEveryPollTellsKeepsNoOtherPartitionFromBeingRead() throws Exception {
        bench.start(0, 1);
        bench.consumer().breaks(0, new KafkaException("orders-0: TOPIC_AUTHORIZATION_FAILED"));
        await().atMost(SOON).until(() -> bench.run().lastError() != null);

        bench.consumer().fetched(1, 7);

        await().atMost(SOON).until(() -> bench.consumer().committed(1) == 8);
        assertThat(bench.run().lastError()).hasMessageContaining("TOPIC_AUTHORIZATION_FAILED");
    }

    @Test
    void recordThatCannotBeReadGoesToTheErrorHandlerInItsTurn() throws Exception {
        bench.start(0);
        bench.consumer().fetched(0, 4);
        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 5);

        bench.consumer().breaks(0, new RecordDeserializationException(
                "Cannot deserialise", ScriptedConsumer.partition(0), 5, null, new byte[] {1}, new IllegalArgumentException("no text")));
        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 6);
        bench.consumer().fetched(0, 6);

        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 7);
        assertThat(bench.done).containsExactly("0@4", "skipped orders-0@5", "0@6");
        assertThat(bench.run().lastError()).isNull();
    }

    @Test
    void stopWaitsForTheWorkOfAPartitionThatIsBeingGivenUp() throws Exception {
        Gate gate = new Gate();
        bench.listener(gate).start(0);
        bench.consumer().fetched(0, 5);
        gate.awaitEntered();
        Future<?> revocation = beside(() -> bench.consumer().revoke(0));
        await().atMost(SOON).until(() -> bench.run().partitions().isEmpty());

        Future<?> stop = beside(() -> bench.run().stop(SOON));
        assertThatThrownBy(() -> stop.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(bench.consumer().isClosed()).isFalse();
        gate.open();

        stop.get(30, TimeUnit.SECONDS);
        revocation.get(30, TimeUnit.SECONDS);
        assertThat(bench.consumer().calls()).containsSubsequence("commit", "close");
        assertThat(bench.consumer().committed(0)).isEqualTo(6);
    }

    @Test
    void revocationWaitsForTheWorkThatAStopWaitsFor() throws Exception {
        Gate gate = new Gate();
        bench.listener(gate).start(0);
        bench.consumer().fetched(0, 5);
        gate.awaitEntered();
        Future<?> stop = beside(() -> bench.run().stop(SOON));
        await().atMost(SOON).until(() -> bench.run().partitions().isEmpty());

        Future<?> revocation = beside(() -> bench.consumer().revoke(0));
        assertThatThrownBy(() -> revocation.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        gate.open();

        revocation.get(30, TimeUnit.SECONDS);
        assertThat(bench.consumer().committed(0)).isEqualTo(6);
        stop.get(30, TimeUnit.SECONDS);
    }

    @Test
    void partitionThatComesDuringAStopIsNotBegun() throws Exception {
        Gate gate = new Gate();
        bench.listener(gate).start(0);
        bench.consumer().fetched(0, 5);
        gate.awaitEntered();
        Future<?> stop = beside(() -> bench.run().stop(SOON));
        await().atMost(SOON).until(() -> bench.run().partitions().isEmpty());

        bench.consumer().assign(1);

        assertThat(bench.run().partitions()).isEmpty();
        gate.open();
        stop.get(30, TimeUnit.SECONDS);
    }

    @Test
    void nothingIsCommittedOfAPartitionThatIsLostWhileItIsBeingGivenUp() throws Exception {
        Gate gate = new Gate();
        bench.listener(gate).start(0);
        bench.consumer().fetched(0, 5);
        gate.awaitEntered();
        Future<?> revocation = beside(() -> bench.consumer().revoke(0));
        await().atMost(SOON).until(() -> bench.run().partitions().isEmpty());

        bench.consumer().lose(0);
        gate.open();
        revocation.get(30, TimeUnit.SECONDS);

        assertThat(bench.consumer().committed(0)).isEqualTo(-1);
    }

    @Test
    void partitionThatIsLostAndComesBackIsNotWorkedOnTwiceAtOnce() throws Exception {
        assertNotWorkedOnTwiceAtOnce(() -> bench.consumer().lose(0));
    }

    @Test
    void partitionThatIsGivenUpUnfinishedAndComesBackIsNotWorkedOnTwiceAtOnce() throws Exception {
        bench.properties.setRevocationTimeout(Duration.ZERO);

        assertNotWorkedOnTwiceAtOnce(() -> bench.consumer().revoke(0));
    }

    private void assertNotWorkedOnTwiceAtOnce(Runnable goes) throws Exception {
        Gate gate = new Gate();
        bench.properties.setConcurrency(2);
        bench.listener(record -> {
            if (record.partition() == 0) {
                gate.onMessage(record);
            }
            bench.done.add(record.value());
        }).start(0, 1);
        bench.consumer().fetched(0, 5);
        gate.awaitEntered();

        goes.run();
        bench.consumer().assign(0);
        bench.consumer().fetched(0, 5); // the one worker that is free would take it before the next
        bench.consumer().fetched(1, 7);
        await().atMost(SOON).until(() -> bench.done.contains("1@7"));
        assertThat(bench.consumer().committed(0)).isEqualTo(-1);
        gate.open();

        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 6);
        assertThat(bench.done).containsExactly("1@7", "0@5", "0@5");
    }

    @Test
    void replacedConsumerGetsNothingBeforeTheOldOnesWorkIsFinished() throws Exception {
        Gate gate = new Gate();
        bench.listener(gate).start(0);
        bench.consumer().fetched(0, 5);
        gate.awaitEntered();

        bench.consumer().fails(new IllegalStateException("broken"));
        await().atMost(SOON).until(() -> bench.consumer().isClosed());
        await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> bench.consumers.size() == 1);
        gate.open();

        await().atMost(SOON).until(() -> bench.consumers.size() == 2 && bench.consumer().calls().contains("subscribe"));
    }

    @Test
    void consumerThatTheListenerClosedIsReplaced() throws Exception {
        bench.listener(record -> {
            bench.done.add(record.value());
            if (record.offset() == 5) {
                bench.consumer().close(Duration.ZERO);
            }
        }).start(0);
        bench.consumer().fetched(0, 5);

        await().atMost(SOON).until(() -> bench.consumers.size() == 2 && bench.consumer().calls().contains("subscribe"));
        bench.consumer().assign(0);
        bench.consumer().fetched(0, 6);

        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 7);
        assertThat(bench.done).containsExactly("0@5", "0@6");
    }

    @Test
    void consumerThatIsClosedWhileItIsToSubscribeAgainIsReplaced() throws Exception {
        bench.start(0);
        ScriptedConsumer first = bench.consumer();
        first.failsToSubscribe(new ClientClosedException("The consumer is closed"));

        first.fails(new KafkaException("group 'billing': GROUP_AUTHORIZATION_FAILED"));
        await().atMost(SOON).until(() -> bench.run().lastError() != null);
        first.fails(new ClientClosedException("The consumer is closed"));

        await().atMost(SOON).until(() -> bench.consumers.size() == 2 && bench.consumer().calls().contains("subscribe"));
        assertThat(first.isClosed()).isTrue();
    }

    @Test
    void replacingConsumerThatCannotSubscribeIsClosedAndReplacedToo() throws Exception {
        bench.start(0);
        bench.onMade = made -> {
            if (bench.consumers.size() == 1) {
                made.failsToSubscribe(new KafkaException("not now"));
            }
        };

        bench.consumer().fails(new IllegalStateException("broken"));

        await().atMost(SOON).until(() -> bench.consumers.size() == 3 && bench.consumer().calls().contains("subscribe"));
        assertThat(bench.consumers.get(1).isClosed()).isTrue();
        assertThat(bench.consumer().isClosed()).isFalse();
    }

    @Test
    void stopClosesAConsumerThatWasMadeMeanwhile() throws Exception {
        bench.start(0);
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        bench.onNewConsumer = () -> {
            making.countDown();
            uninterrupted(stopping);
        };
        bench.consumer().fails(new IllegalStateException("broken"));
        making.await();

        Future<?> stop = beside(() -> bench.run().stop(SOON));
        await().atMost(SOON).until(() -> bench.run().partitions().isEmpty());
        stopping.countDown();

        stop.get(30, TimeUnit.SECONDS);
        await().atMost(SOON).until(() -> bench.consumers.size() == 2 && bench.consumers.stream().allMatch(ScriptedConsumer::isClosed));
    }

    @Test
    void commitsThatFailAreToldUntilOneSucceeds() throws Exception {
        bench.start(0);
        KafkaException refusal = new KafkaException("topic 'orders': TOPIC_AUTHORIZATION_FAILED");

        bench.consumer().failsToCommit(refusal);
        bench.consumer().fetched(0, 5);
        await().atMost(SOON).until(() -> bench.run().lastError() == refusal);
        await().atMost(SOON).until(() -> !bench.run().doesItsWork());
        bench.consumer().failsToCommit(null);

        await().atMost(SOON).until(() -> bench.consumer().committed(0) == 6);
        await().atMost(SOON).until(() -> bench.run().lastError() == null);
        assertThat(bench.run().doesItsWork()).isTrue();
    }

    @Test
    void commitThatFailedIsForgottenWithItsPartition() throws Exception {
        bench.start(0);
        bench.consumer().failsToCommit(new KafkaException("not a member"));
        bench.consumer().fetched(0, 5);
        await().atMost(SOON).until(() -> bench.run().lastError() != null);

        bench.consumer().lose(0);

        await().atMost(SOON).until(() -> bench.run().lastError() == null);
    }

    @Test
    void partitionThatComesWhileAPauseEndsDoesNotStayPaused() throws Exception {
        bench.start();
        bench.run().requestPause(true);
        Thread resumes = new Thread(() -> bench.run().requestPause(false));
        bench.consumer().onPause = () -> {
            resumes.start();
            await().atMost(SOON).until(() -> resumes.getState() == Thread.State.BLOCKED || resumes.getState() == Thread.State.TERMINATED);
        };

        bench.consumer().assign(0);
        resumes.join();

        assertThat(bench.consumer().calls()).containsSubsequence("pause orders-0", "resume orders-0");
    }

    @Test
    void topicThatMayNotBeReadIsToldUntilItMay() throws Exception {
        bench.start();

        bench.topicError = ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        await().atMost(SOON).until(() -> !bench.run().doesItsWork());
        assertThat(bench.run().topicProblems()).hasEntrySatisfying("orders", reason -> assertThat(reason).startsWith("TOPIC_AUTHORIZATION_FAILED ("));
        bench.topicError = ErrorCode.NONE;

        await().atMost(SOON).until(() -> bench.run().doesItsWork());
        assertThat(bench.run().topicProblems()).isEmpty();
    }

    @Test
    void recordThatTheListenerIsAtForLongIsToldUntilItIsOver() throws Exception {
        bench.maxPollInterval = Duration.ofMillis(1);
        Gate gate = new Gate();
        bench.listener(gate).start(0);
        bench.consumer().fetched(0, 5);
        gate.awaitEntered();

        await().atMost(SOON).until(() -> bench.run().longRecords().containsKey("orders-0@5"));
        assertThat(bench.run().longRecords().get("orders-0@5")).contains(" s on thread pool-");
        bench.consumer().lose(0);
        bench.consumer().fetched(0, 6);
        await().during(Duration.ofMillis(100)).atMost(SOON).until(() -> bench.run().longRecords().containsKey("orders-0@5"));
        assertThat(bench.run().doesItsWork()).isTrue();
        gate.open();

        await().atMost(SOON).until(() -> bench.run().longRecords().isEmpty());
    }

    private static Future<?> beside(Runnable call) {
        FutureTask<?> task = new FutureTask<>(call, null);
        new Thread(task, "beside").start();
        return task;
    }

    private static void uninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A listener that stays in its first record until it is let go. */
    private static final class Gate implements MessageListener<String, String> {

        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        @Override
        public void onMessage(ConsumerRecord<String, String> record) throws InterruptedException {
            entered.countDown();
            open.await();
        }

        void awaitEntered() throws InterruptedException {
            entered.await();
        }

        void open() {
            open.countDown();
        }
    }
}
