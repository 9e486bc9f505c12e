package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.net.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MemoryLineTest {

    private static final int CHUNK = 16_384;
    private static final Duration LONG = Duration.ofSeconds(20);

    private final EventLoop loop = EventLoop.start("memory-line-test");
    private final AtomicReference<MemoryLine> line = new AtomicReference<>();
    private final ChunkPool pool = new ChunkPool(10 * CHUNK, CHUNK, () -> line.get().look());

    MemoryLineTest() {
        line.set(new MemoryLine(loop, pool));
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    private List<ByteBuffer> takeAll() {
        List<ByteBuffer> all = new ArrayList<>();
        for (ByteBuffer chunk = pool.take(1); chunk != null; chunk = pool.take(1)) {
            all.add(chunk);
        }
        return all;
    }

    private void giveBack(ByteBuffer chunk) {
        pool.give(chunk);
        pool.tellFreed();
    }

    private CompletableFuture<Boolean> waitFor(int size, CountDownLatch begun) {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> outcome.complete(line.get().await(size, LONG, () -> false, () -> {
            begun.countDown();
            return true;
        }, () -> pool.take(size) != null)));
        thread.setDaemon(true);
        thread.start();
        return outcome;
    }

    @Test
    void waiterGetsMemoryThatComesBack() throws Exception {
        List<ByteBuffer> all = takeAll();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> waiter = waitFor(1, begun);
        giveBack(all.get(0));

        assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.used()).isEqualTo(10 * CHUNK);
    }

    @Test
    void largeRecordIsNotStarvedBySmallOnesThatComeLater() throws Exception {
        List<ByteBuffer> all = takeAll();
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Boolean> large = new CompletableFuture<>();
        CountDownLatch inLine = new CountDownLatch(1);
        Thread thread = new Thread(() -> large.complete(line.get().await(4 * CHUNK, LONG, () -> {
            inLine.countDown();
            return asked.incrementAndGet() < 0;
        }, () -> true, () -> pool.take(4 * CHUNK) != null)));
        thread.setDaemon(true);
        thread.start();
        assertThat(inLine.await(10, TimeUnit.SECONDS)).isTrue();

        for (int i = 0; i < 3; i++) {
            giveBack(all.get(i));
            assertThat(pool.take(1)).as("what came back is the large record's").isNull();
        }
        giveBack(all.get(3));

        assertThat(large.get(10, TimeUnit.SECONDS)).isTrue();
        giveBack(all.get(4));
        assertThat(pool.take(1)).as("nobody waits any more").isNotNull();
    }

    @Test
    void limitEndsTheWaitAndTheClaim() {
        List<ByteBuffer> all = takeAll();

        assertThat(line.get().await(1, Duration.ofMillis(20), () -> false, () -> true, () -> true)).isFalse();
        pool.give(Objects.requireNonNull(all.get(0)));
        assertThat(pool.take(1)).isNotNull();
    }

    @Test
    void waitThatIsOverEnds() throws Exception {
        takeAll();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> outcome.complete(line.get().await(1, LONG, over::get, () -> true, () -> true)));
        thread.setDaemon(true);
        thread.start();
        over.set(true);
        line.get().look();

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void severalWaitersAreServedOneAfterTheOther() throws Exception {
        List<ByteBuffer> all = takeAll();
        CountDownLatch begun = new CountDownLatch(1);
        List<CompletableFuture<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiters.add(waitFor(1, begun));
        }
        for (int i = 0; i < 5; i++) {
            giveBack(all.get(i));
        }

        for (CompletableFuture<Boolean> waiter : waiters) {
            assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(pool.used()).isEqualTo(10 * CHUNK);
    }
}
