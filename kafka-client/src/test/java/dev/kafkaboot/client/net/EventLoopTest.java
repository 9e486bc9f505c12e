package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ClientClosedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract on a real thread, and what only real threads can put to the test. */
@Timeout(60)
class EventLoopTest extends EventLoopContract {

    private final EventLoop loop = EventLoop.start("loop-under-test");

    @AfterEach
    void end() {
        loop.close();
    }

    @Override
    protected EventLoop loop() {
        return loop;
    }

    @Override
    protected void inAnotherThread(Runnable body) {
        Thread thread = new Thread(body);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    protected String knownHost() {
        return "localhost";
    }

    @Override
    protected void elsewhere(CompletableFuture<?> future) {
        future.join();
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
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
            loop.execute(() -> loop.connect(address, SocketOptions.DEFAULT, new SilentHandler() {
                @Override
                public void connected() {
                    connected.complete(null);
                }

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
    void literalAddressesNeedNoLookUp() {
        assertThat(loop.resolve("::1").join()).hasSize(1);
        assertThat(loop.resolve("localhost").join()).allMatch(InetAddress::isLoopbackAddress);
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

        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).doesNotContain("loop-under-test");
    }
}
