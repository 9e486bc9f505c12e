package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.spring.listener.ContainerProperties.AckMode;
import dev.kafkaboot.spring.support.Acknowledgment;
import dev.kafkaboot.spring.support.KafkaHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From poll to commit: order, turns, back-pressure, retries, acknowledgments and the end of a partition. */
@Timeout(90)
class RecordFlowTests {

    private final ListenerBench bench = new ListenerBench();
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private volatile Acknowledgment acknowledged;

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void recordsOfAPartitionAreWorkedOnInOrderOneAtATimeAndOthersBesideThem() throws Exception {
        bench.properties.setConcurrency(4);
        bench.properties.setAckMode(AckMode.RECORD);
        Map<Integer, AtomicInteger> atWork = new ConcurrentHashMap<>();
        Map<Integer, List<Long>> seen = new ConcurrentHashMap<>();
        AtomicInteger together = new AtomicInteger();
        CountDownLatch left = new CountDownLatch(4 * 500);
        bench.start((record, acknowledgment) -> {
            assertThat(atWork.computeIfAbsent(record.partition(), p -> new AtomicInteger()).incrementAndGet()).isEqualTo(1);
            assertThat(together.incrementAndGet()).isLessThanOrEqualTo(4);
            seen.computeIfAbsent(record.partition(), p -> new ArrayList<>()).add(record.offset());
            together.decrementAndGet();
            atWork.get(record.partition()).decrementAndGet();
            left.countDown();
        });

        for (int poll = 0; poll < 50; poll++) {
            long from = poll * 10L;
            for (int partition = 0; partition < 4; partition++) {
                bench.poll(partition, LongStream.range(from, from + 10).toArray());
            }
        }

        assertThat(left.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).hasSize(4).allSatisfy((partition, offsets) ->
                assertThat(offsets).containsExactlyElementsOf(LongStream.range(0, 500).boxed().toList()));
        assertThat(bench.observed).isEmpty();
    }

    @Test
    void partitionWithManyRecordsDoesNotKeepOthersWaiting() throws Exception {
        CountDownLatch otherDone = new CountDownLatch(1);
        Semaphore steps = new Semaphore(0);
        bench.start((record, acknowledgment) -> {
            steps.acquire();
            done.add(record.value());
            if (record.partition() == 1) {
                otherDone.countDown();
            }
        });
        bench.poll(0, LongStream.range(0, 100).toArray());
        bench.poll(1, 0);

        steps.release(3);

        assertThat(otherDone.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(done).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void recordModeCommitsAfterEachRecordButNotTwoAtATime() throws Exception {
        bench.properties.setAckMode(AckMode.RECORD);
        bench.answersCommits = false;
        CountDownLatch all = new CountDownLatch(5);
        bench.start((record, acknowledgment) -> all.countDown());

        bench.poll(0, 10, 11, 12, 13, 14);
        ListenerBench.Commit first = bench.commits.poll(10, TimeUnit.SECONDS);
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(bench.commits).isEmpty();
        assertThat(bench.work(0).awaitFinished(in(10))).isTrue();
        bench.answersCommits = true;
        first.answer().complete(null);

        assertThat(first.offsets()).containsEntry(new TopicPartition("orders", 0), new OffsetAndMetadata(11));
        bench.awaitCommit(0, 15);
    }

    @Test
    void batchModeCommitsWhenAllOfAPollIsDone() throws Exception {
        bench.start((record, acknowledgment) -> done.add(record.value()));

        bench.poll(0, 10, 11, 12);

        assertThat(bench.nextCommit(0)).isEqualTo(13);
        assertThat(done).containsExactly("0@10", "0@11", "0@12");
    }

    @Test
    void manualModeCommitsTheContiguousPartOnly() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        BlockingQueue<Acknowledgment> acknowledgments = new LinkedBlockingQueue<>();
        bench.start((record, acknowledgment) -> acknowledgments.add(acknowledgment));
        bench.poll(0, 10, 11, 12);
        Acknowledgment first = acknowledgments.take();
        Acknowledgment second = acknowledgments.take();
        Acknowledgment third = acknowledgments.take();

        third.acknowledge();
        second.acknowledge();
        second.acknowledge();
        assertThat(bench.commits).isEmpty();
        first.acknowledge();

        assertThat(bench.nextCommit(0)).isEqualTo(13);
        assertThat(bench.work(0).inFlight()).isZero();
    }

    @Test
    void refusedRecordComesAgainAndLaterOnesWaitBehindIt() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        AtomicInteger calls = new AtomicInteger();
        bench.start((record, acknowledgment) -> {
            done.add(record.value());
            if (calls.incrementAndGet() < 3) {
                acknowledgment.nack(Duration.ofMillis(1));
            } else {
                acknowledgment.acknowledge();
            }
        });

        bench.poll(0, 10, 11);

        bench.awaitCommit(0, 12);
        assertThat(done).containsExactly("0@10", "0@10", "0@10", "0@11");
    }

    @Test
    void refusedRecordComesAgainEvenIfTheListenerThrowsAfterIt() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        AtomicInteger calls = new AtomicInteger();
        bench.start((record, acknowledgment) -> {
            done.add(record.value());
            if (calls.incrementAndGet() < 3) {
                acknowledgment.nack(Duration.ofMillis(1));
                throw new IllegalStateException("after the refusal");
            }
            acknowledgment.acknowledge();
        });

        bench.poll(0, 10, 11);

        bench.awaitCommit(0, 12);
        assertThat(done).containsExactly("0@10", "0@10", "0@10", "0@11");
        assertThat(bench.observed).isEmpty();
    }

    @Test
    void recordCannotBeRefusedAfterItsListenerReturned() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        BlockingQueue<Acknowledgment> acknowledgments = new LinkedBlockingQueue<>();
        bench.start((record, acknowledgment) -> acknowledgments.add(acknowledgment));
        bench.poll(0, 10);
        Acknowledgment acknowledgment = acknowledgments.take();

        assertThatThrownBy(() -> acknowledgment.nack(Duration.ZERO)).isInstanceOf(IllegalStateException.class).hasMessageContaining("orders-0@10");
    }

    @Test
    void failedRecordIsTriedAgainInPlaceWhileOtherPartitionsGoOn() throws Exception {
        bench.properties.setAckMode(AckMode.RECORD);
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch otherDone = new CountDownLatch(1);
        bench.start((MessageListener<String, String>) record -> {
            if (record.partition() == 1) {
                otherDone.countDown();
            } else if (record.offset() == 10 && attempts.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            done.add(record.value());
        }, failed -> {
            assertThat(failed.position()).isEqualTo("orders-0@10");
            if (failed.attempt() == 2) {
                // With one worker only, the other partition can be done only if the failed one does not hold it.
                return ErrorDecision.retryAfter(awaits(otherDone) ? Duration.ofMillis(1) : Duration.ofDays(1));
            }
            return ErrorDecision.retryAfter(Duration.ofMillis(200));
        });

        bench.poll(0, 10, 11);
        bench.poll(1, 20);

        bench.awaitCommit(0, 12);
        assertThat(done).containsSubsequence("0@10", "0@11").contains("1@20");
        assertThat(bench.observed).containsExactly("retried orders-0 after 1", "retried orders-0 after 2");
    }

    private static boolean awaits(CountDownLatch latch) throws InterruptedException {
        return latch.await(10, TimeUnit.SECONDS);
    }

    @Test
    void recordTellsTheAttemptWhereThatIsWanted() throws Exception {
        bench.properties.setDeliveryAttemptHeader(true);
        bench.start((MessageListener<String, String>) record -> {
            done.add(record.value() + " " + ByteBuffer.wrap(record.headers().lastHeader(KafkaHeaders.DELIVERY_ATTEMPT).value()).getInt());
            if (done.size() < 3) {
                throw new IllegalStateException("not yet");
            }
        }, failed -> {
            assertThat(failed.record().headers().lastHeader(KafkaHeaders.DELIVERY_ATTEMPT)).isNull();
            return ErrorDecision.retryAfter(Duration.ZERO);
        });

        bench.poll(0, 10);

        assertThat(bench.nextCommit(0)).isEqualTo(11);
        assertThat(done).containsExactly("0@10 1", "0@10 2", "0@10 3");
    }

    @Test
    void errorInAListenerIsAFailureOfTheRecordAndEndsNothing() throws Exception {
        bench.start((MessageListener<String, String>) record -> {
            if (record.offset() == 10) {
                throw new StackOverflowError("too deep");
            }
            done.add(record.value());
        }, failed -> ErrorDecision.skip());

        bench.poll(0, 10, 11);

        assertThat(bench.nextCommit(0)).isEqualTo(12);
        assertThat(done).containsExactly("0@11");
        assertThat(bench.observed).containsExactly("skipped orders-0@10");
    }

    @Test
    void recordIsNotLostWhenTheErrorHandlerItselfFails() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        AtomicInteger attempts = new AtomicInteger();
        bench.start((MessageListener<String, String>) record -> {
            if (attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("first");
            }
            done.add(record.value());
        }, failed -> {
            handled.incrementAndGet();
            throw new IllegalStateException("handler");
        });

        bench.poll(0, 10);

        assertThat(bench.nextCommit(0)).isEqualTo(11);
        assertThat(done).containsExactly("0@10");
        assertThat(handled).hasValue(1);
    }

    @Test
    void recordIsNotLostWhenTheErrorHandlerDecidesNothing() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        bench.start((MessageListener<String, String>) record -> {
            if (attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("first");
            }
            done.add(record.value());
        }, failed -> null);

        bench.poll(0, 10);

        assertThat(bench.nextCommit(0)).isEqualTo(11);
        assertThat(done).containsExactly("0@10");
    }

    @Test
    void commitThatFailsWithAnErrorIsMadeAgain() throws Exception {
        bench.properties.setAckMode(AckMode.RECORD);
        bench.commitError = new NoClassDefFoundError("Missing");
        bench.start((record, acknowledgment) -> done.add(record.value()));
        bench.poll(0, 10);
        await().until(() -> bench.observed.contains("commit failed"));

        bench.commitError = null;

        bench.awaitCommit(0, 11);
    }

    @Test
    void partitionIsPausedWhileItsQueueIsFullAndNoOther() throws Exception {
        bench.properties.setMaxQueuedRecords(4);
        Semaphore steps = new Semaphore(0);
        bench.start((record, acknowledgment) -> steps.acquire());

        bench.poll(0, 0, 1, 2, 3, 4, 5);
        bench.poll(1, 0);
        assertThat(bench.paused).containsExactly(new TopicPartition("orders", 0));

        steps.release(7);
        bench.awaitCommit(0, 6);
        assertThat(bench.paused).isEmpty();
    }

    @Test
    void partitionIsPausedByTheBytesThatWaitToo() {
        bench.properties.setMaxQueuedBytes(8);
        bench.start((record, acknowledgment) -> new CountDownLatch(1).await());

        bench.poll(0, 0, 1, 2, 3, 4);

        assertThat(bench.paused).containsExactly(new TopicPartition("orders", 0));
    }

    @Test
    void partitionIsPausedWhileTooManyRecordsAreNotAcknowledged() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        bench.properties.setMaxUnacknowledged(3);
        BlockingQueue<Acknowledgment> acknowledgments = new LinkedBlockingQueue<>();
        bench.start((record, acknowledgment) -> acknowledgments.add(acknowledgment));
        bench.poll(0, 0, 1, 2);
        Acknowledgment first = acknowledgments.take();
        acknowledgments.take().acknowledge();
        acknowledgments.take().acknowledge();
        assertThat(bench.paused).hasSize(1);

        first.acknowledge();

        assertThat(bench.paused).isEmpty();
    }

    @Test
    void partitionThatEndsFinishesTheRecordAtHandAndLeavesTheOthers() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        bench.start((record, acknowledgment) -> {
            begun.countDown();
            goOn.await();
            done.add(record.value());
        });
        bench.poll(0, 10, 11, 12);
        begun.await();
        PartitionWork work = bench.work(0);

        work.end();
        assertThat(work.awaitFinished(System.nanoTime())).isFalse();
        goOn.countDown();
        assertThat(work.awaitFinished(in(10))).isTrue();
        assertThat(bench.committer().commitNow(List.of(work), in(10))).isTrue();

        assertThat(bench.nextCommit(0)).isEqualTo(11);
        assertThat(done).containsExactly("0@10");
    }

    @Test
    void recordThatWaitsToBeTriedAgainIsLeftWhenItsPartitionEnds() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        bench.start((MessageListener<String, String>) record -> {
            throw new IllegalStateException("always");
        }, failure -> {
            failed.countDown();
            return ErrorDecision.retryAfter(Duration.ofHours(1));
        });
        bench.poll(0, 10);
        failed.await();
        PartitionWork work = bench.work(0);

        work.end();

        assertThat(work.awaitFinished(in(10))).isTrue();
        assertThat(work.committable()).isNull();
        assertThat(work.inFlight()).isZero();
    }

    @Test
    void endWaitsForAcknowledgmentsThatAreOwed() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        BlockingQueue<Acknowledgment> acknowledgments = new LinkedBlockingQueue<>();
        bench.start((record, acknowledgment) -> acknowledgments.add(acknowledgment));
        bench.poll(0, 10);
        Acknowledgment acknowledgment = acknowledgments.take();
        PartitionWork work = bench.work(0);

        work.end();
        assertThat(work.awaitFinished(System.nanoTime())).isFalse();
        acknowledgment.acknowledge();

        assertThat(work.awaitFinished(in(10))).isTrue();
        assertThat(bench.nextCommit(0)).isEqualTo(11);
    }

    @Test
    void nothingIsCommittedOfAPartitionThatWasLost() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        BlockingQueue<Acknowledgment> acknowledgments = new LinkedBlockingQueue<>();
        bench.start((record, acknowledgment) -> acknowledgments.add(acknowledgment));
        bench.poll(0, 10);
        Acknowledgment acknowledgment = acknowledgments.take();

        bench.work(0).drop();
        acknowledgment.acknowledge();

        assertThat(bench.work(0).committable()).isNull();
        assertThat(bench.commits).isEmpty();
    }

    @Test
    void positionThatWasMovedBackStartsAnew() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        BlockingQueue<Acknowledgment> acknowledgments = new LinkedBlockingQueue<>();
        bench.start((record, acknowledgment) -> acknowledgments.add(acknowledgment));
        bench.poll(0, 10, 11);
        Acknowledgment before = acknowledgments.take();
        acknowledgments.take();

        bench.poll(0, 5);
        Acknowledgment after = acknowledgments.take();
        before.acknowledge();
        after.acknowledge();

        assertThat(bench.nextCommit(0)).isEqualTo(6);
        assertThat(bench.work(0).inFlight()).isZero();
    }

    @Test
    void recordsBeforeThePositionThatWasMovedBackAreWorkedOnAll() throws Exception {
        Semaphore steps = new Semaphore(0);
        bench.start((record, acknowledgment) -> {
            steps.acquire();
            done.add(record.value());
        });
        bench.poll(0, 10, 11, 12, 20, 21);

        bench.poll(0, 20, 22);
        steps.release(5);

        bench.awaitCommit(0, 23);
        assertThat(done).containsExactly("0@10", "0@11", "0@12", "0@20", "0@22");
        assertThat(bench.work(0).inFlight()).isZero();
    }

    @Test
    void recordThatIsOwedHoldsBackCommitsWhenThePositionWasMovedBackBehindIt() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        BlockingQueue<Acknowledgment> acknowledgments = new LinkedBlockingQueue<>();
        bench.start((record, acknowledgment) -> acknowledgments.add(acknowledgment));
        bench.poll(0, 10, 11, 20);
        Acknowledgment first = acknowledgments.take();
        Acknowledgment second = acknowledgments.take();
        Acknowledgment forgotten = acknowledgments.take();

        bench.poll(0, 20);
        Acknowledgment again = acknowledgments.take();
        again.acknowledge();
        second.acknowledge();
        assertThat(bench.work(0).inFlight()).isEqualTo(1);
        assertThat(bench.work(0).committable()).isNull();
        forgotten.acknowledge();
        first.acknowledge();

        assertThat(bench.nextCommit(0)).isEqualTo(21);
        assertThat(bench.work(0).inFlight()).isZero();
    }

    @Test
    void recordThatWaitsForItsRetryIsNotTriedAgainWhenThePositionWasMovedBackToIt() throws Exception {
        Semaphore failed = new Semaphore(0);
        bench.start((MessageListener<String, String>) record -> {
            done.add(record.value());
            if (done.size() == 1) {
                throw new IllegalStateException("not yet");
            }
        }, failure -> {
            bench.poll(0, 5, 6);
            failed.release();
            return ErrorDecision.retryAfter(Duration.ZERO);
        });

        bench.poll(0, 10);

        assertThat(bench.nextCommit(0)).isEqualTo(7);
        assertThat(done).containsExactly("0@10", "0@5", "0@6");
        assertThat(bench.work(0).inFlight()).isZero();
    }

    @Test
    void recordThatIsAcknowledgedWhileItWaitsForItsRetryIsNotTriedAgain() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        bench.start((MessageListener<String, String>) acknowledgingOnce(), failure -> {
            acknowledged.acknowledge();
            return ErrorDecision.retryAfter(Duration.ZERO);
        });

        bench.poll(0, 10, 11);

        bench.awaitCommit(0, 12);
        assertThat(done).containsExactly("0@10", "0@11");
        assertThat(bench.work(0).inFlight()).isZero();
    }

    @Test
    void recordThatIsAcknowledgedWhileItWaitsForItsRetryIsNotCountedTwiceAtTheEnd() throws Exception {
        bench.properties.setAckMode(AckMode.MANUAL);
        CountDownLatch failed = new CountDownLatch(1);
        bench.start((MessageListener<String, String>) acknowledgingOnce(), failure -> {
            failed.countDown();
            return ErrorDecision.retryAfter(Duration.ofHours(1));
        });
        bench.poll(0, 10);
        failed.await();
        PartitionWork work = bench.work(0);
        await().until(() -> work.atWork() == null);

        acknowledged.acknowledge();
        work.end();

        assertThat(work.inFlight()).isZero();
    }

    /** Fails on the first record, and acknowledges the others. */
    private AcknowledgingMessageListener<String, String> acknowledgingOnce() {
        return (record, acknowledgment) -> {
            done.add(record.value());
            if (record.offset() == 10) {
                acknowledged = acknowledgment;
                throw new IllegalStateException("not yet");
            }
            acknowledgment.acknowledge();
        };
    }

    @Test
    void failedCommitIsMadeAgainWithWhatWasDoneSince() throws Exception {
        bench.properties.setAckMode(AckMode.RECORD);
        bench.answersCommits = false;
        bench.start((record, acknowledgment) -> done.add(record.value()));
        bench.poll(0, 10);
        ListenerBench.Commit first = bench.commits.take();

        bench.answersCommits = true;
        bench.poll(0, 11);
        first.answer().completeExceptionally(new TimeoutException("no answer"));

        bench.awaitCommit(0, 12);
        assertThat(bench.observed).containsExactly("commit failed");
    }

    @Test
    void lastCommitIsTriedAgainWithinItsTime() throws Exception {
        bench.properties.setAckMode(AckMode.BATCH);
        bench.start((record, acknowledgment) -> {
            if (record.offset() == 11) {
                new CountDownLatch(1).await();
            }
        });
        bench.answersCommits = false;
        bench.poll(0, 10, 11);
        PartitionWork work = bench.work(0);
        awaitCommittable(work);
        Thread answers = new Thread(() -> {
            try {
                bench.commits.take().answer().completeExceptionally(new TimeoutException("no answer"));
                bench.commits.take().answer().complete(null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        answers.start();

        assertThat(bench.committer().commitNow(List.of(work), in(10))).isTrue();
        answers.join();

        assertThat(work.committable()).isNull();
    }

    @Test
    void noCommitThatIsLessComesAfterTheLastOne() throws Exception {
        bench.properties.setAckMode(AckMode.BATCH);
        bench.answersCommits = false;
        CountDownLatch finished = new CountDownLatch(3);
        CountDownLatch rest = new CountDownLatch(1);
        bench.start((record, acknowledgment) -> {
            finished.countDown();
            if (record.offset() == 13) {
                rest.await();
            }
        });
        bench.poll(0, 10);
        ListenerBench.Commit first = bench.commits.take();
        bench.poll(0, 11);
        bench.poll(0, 12, 13);
        finished.await();
        PartitionWork work = bench.work(0);
        await().until(() -> Objects.requireNonNull(work.committable()).offset() == 13);
        FutureTask<Boolean> last = new FutureTask<>(() -> bench.committer().commitNow(List.of(work), in(30)));
        Thread thread = new Thread(last);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);

        first.answer().complete(null);

        ListenerBench.Commit next = bench.commits.take();
        assertThat(next.offsets()).containsEntry(work.partition(), new OffsetAndMetadata(13));
        assertThat(bench.commits).isEmpty();
        next.answer().complete(null);
        assertThat(last.get()).isTrue();
        rest.countDown();
    }

    @Test
    void stoppedWorkersBeginNothingUntilTheyGoOn() throws Exception {
        bench.start((record, acknowledgment) -> done.add(record.value()));
        bench.workers().pause();
        bench.poll(0, 10);
        assertThat(done).isEmpty();

        bench.workers().resume();

        assertThat(bench.nextCommit(0)).isEqualTo(11);
    }

    private static void awaitCommittable(PartitionWork work) {
        while (work.committable() == null) {
            Thread.onSpinWait();
        }
    }

    private static long in(int seconds) {
        return System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    }
}
