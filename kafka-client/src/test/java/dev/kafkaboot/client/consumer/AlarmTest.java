package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.net.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AlarmTest {

    private final EventLoop loop = EventLoop.start("alarm-test");
    private final AtomicInteger runs = new AtomicInteger();
    private final CompletableFuture<Void> ran = new CompletableFuture<>();
    private final Alarm alarm = new Alarm(loop, () -> {
        runs.incrementAndGet();
        ran.complete(null);
    });

    @AfterEach
    void end() {
        loop.close();
    }

    private void onLoop(Runnable task) throws Exception {
        CompletableFuture.runAsync(task, loop).get(20, TimeUnit.SECONDS);
    }

    @Test
    void runsOnceHoweverManyAskAndAtTheEarliestTime() throws Exception {
        onLoop(() -> {
            alarm.noLaterThan(loop.nanoTime() + Duration.ofMinutes(5).toNanos());
            for (int i = 0; i < 1_000; i++) {
                alarm.noLaterThan(loop.nanoTime() + i * 1_000L);
            }
        });
        ran.get(20, TimeUnit.SECONDS);
        CompletableFuture<Void> later = new CompletableFuture<>();
        onLoop(() -> loop.schedule(Duration.ofMillis(20), () -> later.complete(null)));
        later.get(20, TimeUnit.SECONDS);

        assertThat(runs).hasValue(1);
    }

    @Test
    void doesNotRunOnceItIsCancelled() throws Exception {
        onLoop(() -> {
            alarm.noLaterThan(loop.nanoTime());
            alarm.cancel();
        });
        onLoop(() -> { });

        assertThat(runs).hasValue(0);
    }
}
