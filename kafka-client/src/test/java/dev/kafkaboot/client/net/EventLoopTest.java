package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.TimeoutException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventLoopTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final EventLoop loop = EventLoop.start("loop-under-test");

    @AfterEach
    void end() {
        loop.close();
    }

    /** What a task that ran on the loop made of it. */
    private <T> T onLoop(java.util.function.Supplier<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(task.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done.join();
    }

    @Test
    void tasksOfEachThreadRunOnTheLoopInTheirOrder() throws InterruptedException {
        int threads = 8;
        int tasks = 20_000;
        int[] next = new int[threads];
        AtomicInteger wrong = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(threads * tasks);
        List<Thread> posters = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int poster = t;
            posters.add(new Thread(() -> {
                for (int i = 0; i < tasks; i++) {
                    int number = i;
                    loop.execute(() -> {
                        if (next[poster]++ != number || !loop.inLoop()) {
                            wrong.incrementAndGet();
                        }
                        done.countDown();
                    });
                }
            }));
        }

        posters.forEach(Thread::start);

        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(wrong).hasValue(0);
    }

    @Test
    void postedTaskWakesALoopThatSleeps() {
        for (int i = 0; i < 500; i++) {
            assertThat(onLoop(() -> "ran")).isEqualTo("ran"); // the loop goes to sleep in between, with no timer to wake it
        }
    }

    @Test
    void taskPostedOnTheLoopRunsLaterNotWithinTheCall() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

        loop.execute(() -> {
            loop.execute(() -> {
                order.add("inner");
                done.complete(null);
            });
            order.add("outer");
        });

        done.join();
        assertThat(order).containsExactly("outer", "inner");
    }

    @Test
    void timersRunInTheOrderOfTheirDueTimesThenOfTheirMaking() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

        loop.execute(() -> {
            loop.schedule(Duration.ofMillis(60), () -> done.complete(null));
            loop.schedule(Duration.ofMillis(40), () -> order.add("third"));
            loop.schedule(Duration.ofMillis(-5), () -> order.add("first"));
            loop.schedule(Duration.ofMillis(20), () -> order.add("second"));
        });

        done.join();
        assertThat(order).containsExactly("first", "second", "third");
    }

    @Test
    void timerDoesNotRunEarly() {
        long started = loop.nanoTime();
        CompletableFuture<Long> ran = new CompletableFuture<>();

        loop.schedule(Duration.ofMillis(30), () -> ran.complete(loop.nanoTime()));

        assertThat(ran.join() - started).isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
    }

    @Test
    void cancelledTimerDoesNotRun() {
        AtomicBoolean ran = new AtomicBoolean();
        CompletableFuture<@Nullable Void> later = new CompletableFuture<>();
        Timer cancelledElsewhere = loop.schedule(Duration.ofMillis(50), () -> ran.set(true));

        cancelledElsewhere.cancel();
        loop.execute(() -> loop.schedule(Duration.ofMillis(20), () -> ran.set(true)).cancel());
        loop.schedule(Duration.ofMillis(80), () -> later.complete(null));

        later.join();
        assertThat(ran).isFalse();
    }

    @Test
    void taskThatThrowsCostsNothingElse() {
        loop.execute(() -> {
            throw new IllegalArgumentException("thrown by a test, on purpose");
        });
        loop.schedule(Duration.ZERO, () -> {
            throw new IllegalArgumentException("thrown by a test's timer, on purpose");
        });

        assertThat(onLoop(() -> "still running")).isEqualTo("still running");
    }

    @Test
    void errorEndsTheLoopFailsWhatWaitsAndRefusesWhatComesLaterWithIt() throws Exception {
        CompletableFuture<String> waitedFor = new CompletableFuture<>();
        LoopCondition condition = loop.newCondition();
        AtomicReference<@Nullable Throwable> told = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> conditionFailed = new AtomicReference<>();
        CountDownLatch accepted = new CountDownLatch(1);
        loop.onEnd(told::set);
        Thread conditionWaiter = new Thread(() -> {
            try {
                condition.await(() -> {
                    accepted.countDown();
                    return false;
                }, LIMIT);
            } catch (RuntimeException e) {
                conditionFailed.set(e);
            }
        });
        conditionWaiter.start();
        assertThat(accepted.await(30, TimeUnit.SECONDS)).isTrue();
        OutOfMemoryError error = new OutOfMemoryError("thrown by a test, on purpose");
        loop.schedule(Duration.ofMillis(50), () -> {
            throw error;
        });

        boolean completed = loop.await(waitedFor, LIMIT);

        conditionWaiter.join();
        assertThat(completed).isTrue();
        assertThat(waitedFor).isCompletedExceptionally();
        assertThat(told.get()).isSameAs(error);
        assertThat(conditionFailed.get()).isInstanceOf(ClientClosedException.class).hasCause(error);
        assertThat(loop.isRunning()).isFalse();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(ClientClosedException.class).hasCause(error);
        assertThatThrownBy(() -> loop.schedule(Duration.ZERO, () -> {})).isInstanceOf(ClientClosedException.class).hasCause(error);
        assertThatThrownBy(() -> loop.await(new CompletableFuture<>(), LIMIT)).isInstanceOf(ClientClosedException.class).hasCause(error);
    }

    @Test
    void tasksThatWereAcceptedBeforeTheEndAreRun() {
        for (int round = 0; round < 200; round++) {
            EventLoop ending = EventLoop.start("ending");
            AtomicInteger ran = new AtomicInteger();
            int accepted = 0;
            Thread closer = new Thread(ending::close);
            closer.start();
            for (int i = 0; i < 1_000; i++) {
                try {
                    ending.execute(ran::incrementAndGet);
                    accepted++;
                } catch (ClientClosedException refused) {
                    break;
                }
            }
            ending.close();

            assertThat(ran).hasValue(accepted);
        }
    }

    @Test
    void handlerOfAnOpenTransportIsToldOfTheEnd() throws Exception {
        try (LoopbackServer server = LoopbackServer.start((socket, number) -> socket.getInputStream().read())) {
            CompletableFuture<@Nullable Void> connected = new CompletableFuture<>();
            CompletableFuture<Throwable> closed = new CompletableFuture<>();
            loop.execute(() -> loop.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), SocketOptions.DEFAULT, new Transport.Handler() {
                @Override
                public void connected() {
                    connected.complete(null);
                }

                @Override
                public void readable() {}

                @Override
                public void writable() {}

                @Override
                public void closed(Throwable cause) {
                    closed.complete(cause);
                }
            }));
            connected.join();

            loop.close();

            assertThat(closed.join()).isInstanceOf(ClientClosedException.class);
        }
    }

    @Test
    void awaitingOnTheLoopItselfIsRefused() {
        assertThatThrownBy(() -> onLoop(() -> loop.await(new CompletableFuture<>(), LIMIT)))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("loop-under-test would wait for itself");
        assertThatThrownBy(() -> onLoop(() -> loop.newCondition().await(() -> false, LIMIT)))
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void awaitTellsWhetherTheFutureIsCompleteAndDoesNotThrowItsFailure() {
        assertThat(loop.await(new CompletableFuture<>(), Duration.ofMillis(5))).isFalse();
        assertThat(loop.await(CompletableFuture.failedFuture(new IllegalStateException()), LIMIT)).isTrue();
        CompletableFuture<String> failsLater = new CompletableFuture<>();
        loop.schedule(Duration.ofMillis(10), () -> failsLater.completeExceptionally(new IllegalStateException()));
        assertThat(loop.await(failsLater, LIMIT)).isTrue();
    }

    @Test
    void joinThrowsTheFailureWithTheStackOfTheCaller() {
        CompletableFuture<String> future = CompletableFuture.failedFuture(new TimeoutException("too late"));

        assertThatThrownBy(() -> loop.join(future, LIMIT, () -> "nothing"))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("too late")
                .satisfies(failure -> assertThat(failure.getStackTrace()).anyMatch(
                        frame -> frame.getMethodName().contains("joinThrowsTheFailureWithTheStackOfTheCaller")));
        assertThatThrownBy(() -> loop.join(new CompletableFuture<>(), Duration.ofMillis(5), () -> "something"))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("Waited 5 ms for something");
    }

    @Test
    void interruptedWaitKeepsTheFlag() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> loop.await(new CompletableFuture<>(), LIMIT)).isInstanceOf(InterruptException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void conditionIsSeenWhenItComesTrueWhicheverSideIsFaster() throws InterruptedException {
        LoopCondition condition = loop.newCondition();
        AtomicInteger turns = new AtomicInteger();
        Thread other = new Thread(() -> {
            for (int i = 0; i < 5_000; i++) {
                int mine = 2 * i + 1;
                condition.await(() -> turns.get() == mine, LIMIT);
                turns.incrementAndGet();
                condition.signalAll();
            }
        });
        other.start();

        for (int i = 0; i < 5_000; i++) {
            int mine = 2 * i;
            assertThat(condition.await(() -> turns.get() == mine, LIMIT)).isTrue();
            turns.incrementAndGet();
            condition.signalAll();
        }

        other.join();
        assertThat(turns).hasValue(10_000);
    }

    @Test
    void conditionThatDoesNotComeTrueEndsWithItsLimit() {
        assertThat(loop.newCondition().await(() -> false, Duration.ofMillis(5))).isFalse();
    }

    @Test
    void callbacksRunOffTheLoopInOrder() {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Boolean> last = new CompletableFuture<>();

        for (int i = 0; i < 1_000; i++) {
            int number = i;
            loop.callbacks().execute(() -> order.add(number));
        }
        loop.callbacks().execute(() -> last.complete(loop.inLoop()));

        assertThat(last.join()).isFalse();
        assertThat(order).hasSize(1_000).isSorted();
    }

    @Test
    void callbackThatWaitsForALaterOneIsSteppedOver() {
        CompletableFuture<String> later = new CompletableFuture<>();
        CompletableFuture<String> seen = new CompletableFuture<>();

        loop.callbacks().execute(() -> seen.complete(later.join()));
        loop.callbacks().execute(() -> later.complete("came"));

        assertThat(seen.join()).isEqualTo("came");
    }

    @Test
    void callbackThatThrowsCostsNothingElse() {
        CompletableFuture<String> later = new CompletableFuture<>();

        loop.callbacks().execute(() -> {
            throw new IllegalArgumentException("thrown by a test's callback, on purpose");
        });
        loop.callbacks().execute(() -> later.complete("ran"));

        assertThat(later.join()).isEqualTo("ran");
    }

    @Test
    void namesAreLookedUpAndTheAnswerComesOnTheLoop() {
        CompletableFuture<Boolean> onLoop = loop.resolve("localhost").thenApply(addresses -> {
            assertThat(addresses).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
            return loop.inLoop();
        });
        onLoop.join();

        assertThatThrownBy(() -> loop.resolve("no..such..host").join()).hasCauseInstanceOf(UnknownHostException.class);
        assertThat(loop.resolve("::1").join()).hasSize(1);
    }

    @Test
    void connectingFromAnotherThreadIsRefused() {
        assertThatIllegalStateException().isThrownBy(() -> loop.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), SocketOptions.DEFAULT, new Transport.Handler() {
            @Override
            public void connected() {}

            @Override
            public void readable() {}

            @Override
            public void writable() {}

            @Override
            public void closed(Throwable cause) {}
        }));
    }

    @Test
    void closingDoesNotWaitForLongerThanItsLimit() {
        CountDownLatch holdsUp = new CountDownLatch(1);
        EventLoop heldUp = EventLoop.start("held-up");
        heldUp.execute(() -> awaitUninterruptibly(holdsUp));

        long started = System.nanoTime();
        heldUp.close(Duration.ZERO);
        heldUp.close(Duration.ofMillis(20));
        long took = System.nanoTime() - started;
        holdsUp.countDown();

        assertThat(took).isLessThan(Duration.ofSeconds(4).toNanos()); // without a limit it is five seconds
        heldUp.close();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void closingEndsTheThread() {
        loop.close();
        loop.close();

        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).doesNotContain("loop-under-test");
    }
}
