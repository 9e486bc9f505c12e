package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPoolTests {

    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, IllegalStateException.class})
    void executorThatFailsToTakeAWorkerIsAskedAgain(Class<? extends Throwable> failure) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch worked = new CountDownLatch(1);
        WorkerPool<PartitionWork> pool = new WorkerPool<>(1, task -> {
            if (attempts.incrementAndGet() == 1) {
                throw failing(failure);
            }
            new Thread(task, "worker").start();
        }, work -> {
            worked.countDown();
            return false;
        });

        pool.ready(new PartitionWork(new TopicPartition("orders", 0), new ContainerProperties("orders"), null, null));

        assertThat(worked.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void workerHasTheContextClassLoaderOfWhoMadeThePoolWhoeverStartsIt() throws Exception {
        ClassLoader ofTheApplication = new ClassLoader(getClass().getClassLoader()) {};
        ClassLoader ofTheTimer = ClassLoader.getPlatformClassLoader();
        BlockingQueue<ClassLoader> seen = new LinkedBlockingQueue<>();
        Thread test = Thread.currentThread();
        ClassLoader own = test.getContextClassLoader();
        test.setContextClassLoader(ofTheApplication);
        WorkerPool<PartitionWork> pool;
        try {
            pool = new WorkerPool<>(1, task -> new Thread(() -> {
                Thread.currentThread().setContextClassLoader(ofTheTimer);
                task.run();
                seen.add(Thread.currentThread().getContextClassLoader());
            }, "worker").start(), work -> {
                seen.add(Thread.currentThread().getContextClassLoader());
                return false;
            });
        } finally {
            test.setContextClassLoader(own);
        }

        pool.readyAfter(new PartitionWork(new TopicPartition("orders", 0), new ContainerProperties("orders"), null, null), Duration.ofMillis(1));

        assertThat(seen.poll(30, TimeUnit.SECONDS)).isSameAs(ofTheApplication);
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isSameAs(ofTheTimer);
    }

    /** Work after which asking whether there is more fails at first. */
    private static final class Failing implements WorkerPool.Work {

        private final AtomicInteger asked = new AtomicInteger();

        @Override
        public boolean hasMore() {
            if (asked.incrementAndGet() == 1) {
                throw new InternalError("for now");
            }
            return true;
        }

        @Override
        public String toString() {
            throw new InternalError("for now");
        }
    }

    @Test
    void workerIsNotLostThoughDealingWithItsFailureFails() throws Exception {
        BlockingQueue<Failing> worked = new LinkedBlockingQueue<>();
        AtomicInteger steps = new AtomicInteger();
        WorkerPool<Failing> pool = new WorkerPool<>(1, task -> new Thread(task, "worker").start(), work -> {
            if (steps.incrementAndGet() == 1) {
                throw new InternalError("for now");
            }
            worked.add(work);
            return false;
        });
        Failing first = new Failing();
        Failing second = new Failing();

        pool.ready(first);
        assertThat(worked.poll(30, TimeUnit.SECONDS)).as("has more").isSameAs(first);
        pool.ready(second);

        assertThat(worked.poll(30, TimeUnit.SECONDS)).isSameAs(second);
    }

    private static RuntimeException failing(Class<? extends Throwable> failure) {
        if (failure == OutOfMemoryError.class) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        return new IllegalStateException("shut down");
    }
}
