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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What client code may rely on, whichever loop it runs on. Threads wait here with the loop's own means only, because a simulated loop has no others. */
@Timeout(60)
public abstract class EventLoopContract {

    /** Longer than anything takes. */
    protected static final Duration LIMIT = Duration.ofSeconds(30);

    /** The loop, whose name is {@code loop-under-test}. */
    protected abstract EventLoop loop();

    /** Runs something in another thread that may wait for the loop. */
    protected abstract void inAnotherThread(Runnable body);

    /** The name of a host that has an address. */
    protected abstract String knownHost();

    /** A future's value, waited for as client code does. */
    protected final <T> T value(CompletableFuture<T> future) {
        assertThat(loop().await(future, LIMIT)).isTrue();
        return future.join();
    }

    /** What a task that ran on the loop made of it. */
    protected final <T> T onLoop(Supplier<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop().execute(() -> {
            try {
                done.complete(task.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return value(done);
    }

    /** A handler that hears nothing but the end. */
    protected static class SilentHandler implements Transport.Handler {

        @Override
        public void connected() {}

        @Override
        public void readable() {}

        @Override
        public void writable() {}

        @Override
        public void closed(Throwable cause) {}
    }

    @Test
    void taskPostedOnTheLoopRunsLaterNotWithinTheCall() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

        loop().execute(() -> {
            loop().execute(() -> {
                order.add("inner");
                done.complete(null);
            });
            order.add("outer");
        });

        value(done);
        assertThat(order).containsExactly("outer", "inner");
    }

    @Test
    void tasksOfOneThreadRunInTheirOrder() {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());

        for (int i = 0; i < 10_000; i++) {
            int number = i;
            loop().execute(() -> order.add(number));
        }

        onLoop(() -> "all have run");
        assertThat(order).hasSize(10_000).isSorted();
    }

    @Test
    void timersRunInTheOrderOfTheirDueTimesThenOfTheirMaking() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

        loop().execute(() -> {
            loop().schedule(Duration.ofMillis(60), () -> done.complete(null));
            loop().schedule(Duration.ofMillis(40), () -> order.add("third"));
            loop().schedule(Duration.ofMillis(-5), () -> order.add("first"));
            loop().schedule(Duration.ofMillis(20), () -> order.add("second"));
        });

        value(done);
        assertThat(order).containsExactly("first", "second", "third");
    }

    @Test
    void timerDoesNotRunEarly() {
        long started = loop().nanoTime();
        CompletableFuture<Long> ran = new CompletableFuture<>();

        loop().schedule(Duration.ofMillis(30), () -> ran.complete(loop().nanoTime()));

        assertThat(value(ran) - started).isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
    }

    @Test
    void cancelledTimerDoesNotRun() {
        AtomicBoolean ran = new AtomicBoolean();
        CompletableFuture<@Nullable Void> later = new CompletableFuture<>();
        Timer cancelledElsewhere = loop().schedule(Duration.ofMillis(50), () -> ran.set(true));

        cancelledElsewhere.cancel();
        loop().execute(() -> loop().schedule(Duration.ofMillis(20), () -> ran.set(true)).cancel());
        loop().schedule(Duration.ofMillis(80), () -> later.complete(null));

        value(later);
        assertThat(ran).isFalse();
    }

    @Test
    void taskThatThrowsCostsNothingElse() {
        loop().execute(() -> {
            throw new IllegalArgumentException("thrown by a test, on purpose");
        });
        loop().schedule(Duration.ZERO, () -> {
            throw new IllegalArgumentException("thrown by a test's timer, on purpose");
        });

        assertThat(onLoop(() -> "still running")).isEqualTo("still running");
    }

    @Test
    void errorEndsTheLoopFailsWhatWaitsAndRefusesWhatComesLaterWithIt() {
        CompletableFuture<String> waitedFor = new CompletableFuture<>();
        LoopCondition condition = loop().newCondition();
        AtomicReference<@Nullable Throwable> told = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> conditionFailed = new AtomicReference<>();
        CompletableFuture<@Nullable Void> waits = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> failed = new CompletableFuture<>();
        loop().onEnd(told::set);
        inAnotherThread(() -> {
            try {
                condition.await(() -> {
                    waits.complete(null);
                    return false;
                }, LIMIT);
            } catch (RuntimeException e) {
                conditionFailed.set(e);
            }
            failed.complete(null);
        });
        value(waits);
        OutOfMemoryError error = new OutOfMemoryError("thrown by a test, on purpose");
        loop().schedule(Duration.ofMillis(50), () -> {
            throw error;
        });

        boolean completed = loop().await(waitedFor, LIMIT);

        elsewhere(failed);
        assertThat(completed).isTrue();
        assertThat(waitedFor).isCompletedExceptionally();
        assertThat(told.get()).isSameAs(error);
        assertThat(conditionFailed.get()).isInstanceOf(ClientClosedException.class).hasCause(error);
        assertThat(loop().isRunning()).isFalse();
        assertThatThrownBy(() -> loop().execute(() -> {})).isInstanceOf(ClientClosedException.class).hasCause(error);
        assertThatThrownBy(() -> loop().schedule(Duration.ZERO, () -> {})).isInstanceOf(ClientClosedException.class).hasCause(error);
        assertThatThrownBy(() -> loop().await(new CompletableFuture<>(), LIMIT)).isInstanceOf(ClientClosedException.class).hasCause(error);
    }

    /** Waits for something without the loop, which has ended. */
    protected abstract void elsewhere(CompletableFuture<?> future);

    @Test
    void listenerOfTheEndThatComesAfterwardsIsToldAtOnce() {
        AtomicBoolean told = new AtomicBoolean();
        loop().close();

        loop().onEnd(cause -> told.set(cause == null));

        assertThat(told).isTrue();
    }

    @Test
    void lastTasksAreRunAndLaterOnesAreRefused() {
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            loop().execute(ran::incrementAndGet);
        }

        loop().close();

        assertThat(ran).hasValue(1_000);
        assertThatThrownBy(() -> loop().execute(ran::incrementAndGet)).isInstanceOf(ClientClosedException.class).hasNoCause();
    }

    @Test
    void awaitingOnTheLoopItselfIsRefused() {
        assertThatThrownBy(() -> onLoop(() -> loop().await(new CompletableFuture<>(), LIMIT)))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("loop-under-test would wait for itself");
        assertThatThrownBy(() -> onLoop(() -> loop().newCondition().await(() -> false, LIMIT)))
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void awaitTellsWhetherTheFutureIsCompleteAndDoesNotThrowItsFailure() {
        assertThat(loop().await(new CompletableFuture<>(), Duration.ofMillis(5))).isFalse();
        assertThat(loop().await(CompletableFuture.failedFuture(new IllegalStateException()), LIMIT)).isTrue();
        CompletableFuture<String> failsLater = new CompletableFuture<>();
        loop().schedule(Duration.ofMillis(10), () -> failsLater.completeExceptionally(new IllegalStateException()));
        assertThat(loop().await(failsLater, LIMIT)).isTrue();
    }

    @Test
    void joinThrowsTheFailureWithTheStackOfTheCaller() {
        CompletableFuture<String> future = CompletableFuture.failedFuture(new TimeoutException("too late"));

        assertThatThrownBy(() -> loop().join(future, LIMIT, () -> "nothing"))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("too late")
                .satisfies(failure -> assertThat(failure.getStackTrace()).anyMatch(
                        frame -> frame.getMethodName().contains("joinThrowsTheFailureWithTheStackOfTheCaller")));
        assertThatThrownBy(() -> loop().join(new CompletableFuture<>(), Duration.ofMillis(5), () -> "something"))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("Waited 5 ms for something");
    }

    @Test
    void interruptedWaitKeepsTheFlag() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> loop().await(new CompletableFuture<>(), LIMIT)).isInstanceOf(InterruptException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void conditionIsSeenWhenItComesTrueWhicheverSideIsFaster() {
        LoopCondition condition = loop().newCondition();
        AtomicInteger turns = new AtomicInteger();
        CompletableFuture<@Nullable Void> other = new CompletableFuture<>();
        inAnotherThread(() -> {
            for (int i = 0; i < 2_000; i++) {
                int mine = 2 * i + 1;
                condition.await(() -> turns.get() == mine, LIMIT);
                turns.incrementAndGet();
                condition.signalAll();
            }
            other.complete(null);
        });

        for (int i = 0; i < 2_000; i++) {
            int mine = 2 * i;
            assertThat(condition.await(() -> turns.get() == mine, LIMIT)).isTrue();
            turns.incrementAndGet();
            condition.signalAll();
        }

        value(other);
        assertThat(turns).hasValue(4_000);
    }

    @Test
    void conditionThatDoesNotComeTrueEndsWithItsLimit() {
        long started = loop().nanoTime();

        assertThat(loop().newCondition().await(() -> false, Duration.ofMillis(5))).isFalse();

        assertThat(loop().nanoTime() - started).isGreaterThanOrEqualTo(Duration.ofMillis(5).toNanos());
    }

    @Test
    void callbacksRunOffTheLoopInOrder() {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Boolean> last = new CompletableFuture<>();

        for (int i = 0; i < 1_000; i++) {
            int number = i;
            loop().callbacks().execute(() -> order.add(number));
        }
        loop().callbacks().execute(() -> last.complete(loop().inLoop()));

        assertThat(value(last)).isFalse();
        assertThat(order).hasSize(1_000).isSorted();
    }

    @Test
    void callbackThatWaitsForALaterOneIsSteppedOver() {
        CompletableFuture<String> later = new CompletableFuture<>();
        CompletableFuture<String> seen = new CompletableFuture<>();

        loop().callbacks().execute(() -> seen.complete(value(later)));
        loop().callbacks().execute(() -> later.complete("came"));

        assertThat(value(seen)).isEqualTo("came");
    }

    @Test
    void callbackThatThrowsCostsNothingElse() {
        CompletableFuture<String> later = new CompletableFuture<>();

        loop().callbacks().execute(() -> {
            throw new IllegalArgumentException("thrown by a test's callback, on purpose");
        });
        loop().callbacks().execute(() -> later.complete("ran"));

        assertThat(value(later)).isEqualTo("ran");
    }

    @Test
    void longCallsWaitNeitherForEachOtherNorDoCallbacksWaitForThem() {
        int many = 100;
        CountDownLatch begun = new CountDownLatch(many);
        CompletableFuture<String> later = new CompletableFuture<>();
        List<CompletableFuture<String>> seen = new ArrayList<>();

        for (int i = 0; i < many; i++) {
            CompletableFuture<String> one = new CompletableFuture<>();
            seen.add(one);
            loop().longCalls().execute(() -> {
                begun.countDown();
                if (begun.getCount() == 0) {
                    loop().callbacks().execute(() -> later.complete("came")); // the last that begins lets all of them go
                }
                one.complete(value(later));
            });
        }

        seen.forEach(one -> assertThat(value(one)).isEqualTo("came"));
    }

    @Test
    void longCallThatThrowsCostsNothingElse() {
        CompletableFuture<String> later = new CompletableFuture<>();

        loop().longCalls().execute(() -> {
            throw new IllegalArgumentException("thrown by a test's call, on purpose");
        });
        loop().longCalls().execute(() -> later.complete("ran"));

        assertThat(value(later)).isEqualTo("ran");
    }

    @Test
    void namesAreLookedUpAndTheAnswerComesOnTheLoop() {
        CompletableFuture<Boolean> onLoop = loop().resolve(knownHost()).thenApply(addresses -> {
            assertThat(addresses).isNotEmpty();
            return loop().inLoop();
        });
        value(onLoop);
        CompletableFuture<List<InetAddress>> unknown = loop().resolve("no..such..host");

        assertThat(loop().await(unknown, LIMIT)).isTrue();
        assertThatThrownBy(unknown::join).hasCauseInstanceOf(UnknownHostException.class);
    }

    @Test
    void connectingFromAnotherThreadIsRefused() {
        assertThatIllegalStateException().isThrownBy(() -> loop().connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), SocketOptions.DEFAULT, new SilentHandler()));
    }

    @Test
    void secondCloseDoesNothing() {
        loop().close();
        loop().close();

        assertThat(loop().isRunning()).isFalse();
    }

    @Test
    void whatIsOffloadedCompletesOnTheLoop() {
        CompletableFuture<Boolean> inLoop = new CompletableFuture<>();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();

        loop().execute(() -> {
            loop().offload(() -> "token").whenComplete((token, failed) -> inLoop.complete(loop().inLoop() && "token".equals(token)));
            loop().offload(() -> {
                throw new UnknownHostException("no such issuer");
            }).whenComplete((token, failed) -> failure.complete(failed));
        });

        assertThat(value(inLoop)).isTrue();
        assertThat(value(failure)).isInstanceOf(UnknownHostException.class).hasMessage("no such issuer");
    }

    @Test
    void secureBytesDiffer() {
        byte[] one = new byte[24];
        byte[] other = new byte[24];

        onLoop(() -> {
            loop().fillSecurely(one);
            loop().fillSecurely(other);
            return true;
        });

        assertThat(one).isNotEqualTo(other).isNotEqualTo(new byte[24]);
    }
}
