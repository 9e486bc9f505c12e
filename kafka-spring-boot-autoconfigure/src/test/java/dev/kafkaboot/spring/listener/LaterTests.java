package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is to be done after a while while no thread can be made, for now. */
class LaterTests {

    private final AtomicInteger refusals = new AtomicInteger();

    /** There is no memory for the first two of them. */
    private final Later later = new Later(failing(2, refusals));
    private final BlockingQueue<Object> done = new LinkedBlockingQueue<>();

    private static Executor failing(int times, AtomicInteger refusals) {
        return task -> {
            if (refusals.getAndIncrement() < times) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            new Thread(task, "later").start();
        };
    }

    @Test
    void whatNoThreadCanBeMadeForIsDoneWhenOneCanBe() throws Exception {
        later.run(Duration.ofMillis(1), () -> done.add(Thread.currentThread().getName()));

        assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo("later");
        assertThat(refusals).hasValue(3);
    }

    @Test
    void whatFailsIsDoneAgain() throws Exception {
        later.run(Duration.ofMillis(1), () -> {
            if (refusals.get() < 5) {
                throw new OutOfMemoryError("Java heap space");
            }
            done.add("done");
        });

        assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(refusals).hasValue(5);
    }

    @Test
    void partitionThatWaitsForItsNextAttemptIsPutInLineOnce() throws Exception {
        WorkerPool<WorkerPool.Work> pool = new WorkerPool<>(1, failing(2, new AtomicInteger()), work -> {
            done.add(work);
            return false;
        }, later);
        WorkerPool.Work waiting = () -> false;
        WorkerPool.Work behind = () -> false;

        pool.readyAfter(waiting, Duration.ofMillis(1));
        assertThat(done.poll(30, TimeUnit.SECONDS)).isSameAs(waiting);
        pool.ready(behind);

        assertThat(done.poll(30, TimeUnit.SECONDS)).isSameAs(behind);
    }

    @Test
    void executorThatRefusesWorkIsAskedAgainThoughThereIsNoThreadForThatEither() throws Exception {
        WorkerPool<WorkerPool.Work> pool = new WorkerPool<>(1, task -> {
            if (refusals.get() == 0) {
                throw new RejectedExecutionException("for now");
            }
            task.run();
        }, work -> {
            done.add(work);
            return false;
        }, later);
        WorkerPool.Work waiting = () -> false;

        pool.ready(waiting);

        assertThat(done.poll(30, TimeUnit.SECONDS)).isSameAs(waiting);
    }

    /** Hears nothing. */
    private static final class Unheard implements OffsetCommitter.Outcome, PartitionWork.Flow, PartitionWork.Events {

        @Override
        public void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void failed(Throwable cause) {}

        @Override
        public void pause(TopicPartition partition) {}

        @Override
        public void resume(TopicPartition partition) {}

        @Override
        public void ready(PartitionWork work) {}

        @Override
        public void commitDue(PartitionWork work) {}
    }

    @Test
    void commitThatFailedIsMadeAgain() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        OffsetCommitter committer = new OffsetCommitter("test", offsets -> {
            if (commits.incrementAndGet() == 1) {
                return CompletableFuture.failedFuture(new IllegalStateException("for now"));
            }
            done.add(offsets.values().iterator().next().offset());
            return CompletableFuture.completedFuture(null);
        }, new Unheard(), later);
        TopicPartition partition = new TopicPartition("orders", 0);
        PartitionWork work = new PartitionWork(partition, new ContainerProperties("orders"), new Unheard(), new Unheard());
        work.add(List.of(new ConsumerRecord<>(partition.topic(), partition.partition(), 41, new byte[0], new byte[0])));
        work.returned(work.begin());

        committer.request(work);

        assertThat(done.poll(30, TimeUnit.SECONDS)).isEqualTo(42L);
    }
}
