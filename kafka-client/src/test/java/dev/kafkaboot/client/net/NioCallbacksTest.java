package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of user code when the loop has ended or threads are short; for the rest see {@link EventLoopTest}. */
@Timeout(60)
class NioCallbacksTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final NioEventLoop loop = NioEventLoop.start("loop-under-test");

    @AfterEach
    void end() {
        loop.close();
    }

    @Test
    void callbackThatWaitsForALaterOneIsSteppedOverThoughTheLoopHasEnded() {
        CompletableFuture<String> later = new CompletableFuture<>();
        CompletableFuture<String> seen = new CompletableFuture<>();
        loop.close();

        loop.callbacks().execute(() -> seen.complete(later.join()));
        loop.callbacks().execute(() -> later.complete("came"));

        assertThat(seen).succeedsWithin(LIMIT).isEqualTo("came");
    }

    @Test
    void callbackThatWaitsForOneThatTheEndOfTheLoopBringsIsSteppedOver() throws InterruptedException {
        CompletableFuture<String> last = new CompletableFuture<>();
        CompletableFuture<String> seen = new CompletableFuture<>();
        CountDownLatch blocks = new CountDownLatch(1);
        loop.callbacks().execute(() -> {
            blocks.countDown();
            seen.complete(last.join());
        });
        blocks.await();
        loop.onEnd(cause -> loop.callbacks().execute(() -> last.complete("came")));

        loop.close();

        assertThat(seen).succeedsWithin(LIMIT).isEqualTo("came");
    }

    @Test
    void callbackThatLeavesItsThreadInterruptedInterruptsNoneOfThoseBehindIt() {
        CompletableFuture<Void> bothAreThere = new CompletableFuture<>();
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        loop.callbacks().execute(() -> {
            bothAreThere.join();
            Thread.currentThread().interrupt();
        });
        loop.callbacks().execute(() -> seen.complete(Thread.currentThread().isInterrupted()));

        bothAreThere.complete(null);

        assertThat(seen).succeedsWithin(LIMIT).isEqualTo(false);
    }

    @Test
    void callbacksForWhichThereWasNoThreadRunWhenThereIsOne() {
        AtomicInteger attempts = new AtomicInteger();
        Executor fullAtFirst = task -> {
            if (attempts.getAndIncrement() == 0) {
                throw new RejectedExecutionException("thrown by a test, on purpose");
            }
            new Thread(task, "callbacks-under-test").start();
        };
        NioCallbacks callbacks = new NioCallbacks(loop, fullAtFirst);
        CompletableFuture<String> ran = new CompletableFuture<>();

        callbacks.execute(() -> ran.complete("ran"));

        assertThat(ran).succeedsWithin(LIMIT).isEqualTo("ran");
    }

    @Test
    void interruptThatACallbackLeavesBehindIsNotThatOfTheNext() throws InterruptedException {
        CountDownLatch bothAreQueued = new CountDownLatch(1);
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        AtomicInteger threads = new AtomicInteger();
        NioCallbacks callbacks = new NioCallbacks(loop, task -> {
            if (threads.getAndIncrement() > 0) {
                throw new RejectedExecutionException("a test has one thread"); // so that nobody steps over the first callback
            }
            new Thread(task, "callbacks-under-test").start();
        });
        callbacks.execute(() -> {
            try {
                bothAreQueued.await();
            } catch (InterruptedException e) {
                seen.completeExceptionally(e);
            }
            Thread.currentThread().interrupt();
        });

        callbacks.execute(() -> seen.complete(Thread.currentThread().isInterrupted()));
        bothAreQueued.countDown();

        assertThat(seen).succeedsWithin(LIMIT).isEqualTo(false);
    }
}
