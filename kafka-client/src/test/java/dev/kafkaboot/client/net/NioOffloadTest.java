package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NioOffloadTest {

    @Test
    void workThatFindsEveryThreadTakenWaitsForOne() {
        CountDownLatch mayEnd = new CountDownLatch(1);
        try (EventLoop loop = EventLoop.start("loop")) {
            List<CompletableFuture<Integer>> all = new ArrayList<>();
            for (int i = 0; i < NioOffload.THREADS_MAX + 50; i++) {
                int number = i;
                all.add(loop.offload(() -> {
                    mayEnd.await();
                    return number;
                }));
            }

            mayEnd.countDown();

            for (int i = 0; i < all.size(); i++) {
                assertThat(loop.join(all.get(i), Duration.ofSeconds(30), () -> "work that waits for a thread")).isEqualTo(i);
            }
        }
    }
}
