package dev.kafkaboot.client.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.net.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandOverTest {

    @Test
    void theEndFailsWhatIsOpenInTheOrderInWhichItWasStarted() {
        try (EventLoop loop = EventLoop.start("hand-over-under-test")) {
            HandOver handOver = new HandOver(loop);
            List<Integer> failed = Collections.synchronizedList(new ArrayList<>());
            List<CompletableFuture<?>> told = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int number = i;
                told.add(handOver.start(CompletableFuture::new).whenComplete((value, failure) -> failed.add(number)));
            }

            handOver.end(new ClientClosedException("the test is over"));

            assertThat(loop.await(CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)), Duration.ofSeconds(30))).isTrue();
            assertThat(failed).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        }
    }
}
