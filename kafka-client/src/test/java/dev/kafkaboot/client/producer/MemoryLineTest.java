package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.producer.ChunkPool.Priority;
import dev.kafkaboot.record.BatchBuilder;
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
import java.util.function.Supplier;
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

    private static CompletableFuture<Boolean> inAThread(Supplier<Boolean> task) {
        return CompletableFuture.supplyAsync(task, command -> {
            Thread thread = new Thread(command);
            thread.setDaemon(true);
            thread.start();
        });
    }

    private CompletableFuture<Boolean> waitFor(int size, CountDownLatch begun) {
        return inAThread(() -> line.get().await(size, LONG, () -> false, () -> {
            begun.countDown();
            return true;
        }, () -> pool.as(Priority.FIRST_IN_LINE).take(size + BatchBuilder.OVERHEAD) != null));
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
        CountDownLatch inLine = new CountDownLatch(1);
        CompletableFuture<Boolean> large = inAThread(() -> line.get().await(4 * CHUNK - BatchBuilder.OVERHEAD, LONG, () -> {
            inLine.countDown();
            return asked.incrementAndGet() < 0;
        }, () -> true, () -> pool.as(Priority.FIRST_IN_LINE).take(4 * CHUNK) != null));
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
        CompletableFuture<Boolean> outcome = inAThread(() -> line.get().await(1, LONG, over::get, () -> true, () -> true));
        over.set(true);
        line.get().look();

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void waitersThatClaimMoreThanThereIsAreServedAllTheSame() throws Exception {
        List<ByteBuffer> all = takeAll();
        CountDownLatch begun = new CountDownLatch(1);
        List<CompletableFuture<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiters.add(waitFor(4 * CHUNK - BatchBuilder.OVERHEAD, begun));
        }
        all.subList(0, 8).forEach(this::giveBack);

        CompletableFuture.anyOf(waiters.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
    }

    @Test
    void limitEndsTheWaitOfARecordThatJustDoesNotFitIntoAChunkWithItsBatchsHeader() {
        List<ByteBuffer> all = takeAll();
        giveBack(all.get(0));
        AtomicInteger attempts = new AtomicInteger();

        boolean isIn = line.get().await(CHUNK - 10, Duration.ofMillis(50), () -> false, () -> true, () -> {
            attempts.incrementAndGet();
            return pool.as(Priority.FIRST_IN_LINE).take(CHUNK - 10 + BatchBuilder.OVERHEAD) != null;
        });

        assertThat(isIn).isFalse();
        assertThat(attempts).as("there was no room for it").hasValue(0);
    }

    @Test
    void attemptThatFailedIsNotRepeatedBeforeSomethingChanges() {
        AtomicInteger attempts = new AtomicInteger();

        boolean isIn = line.get().await(CHUNK, Duration.ofMillis(50), () -> false, () -> true, () -> attempts.incrementAndGet() < 0);

        assertThat(isIn).isFalse();
        assertThat(attempts).hasValue(1);
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
