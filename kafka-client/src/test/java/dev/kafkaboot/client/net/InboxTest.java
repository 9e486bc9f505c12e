package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InboxTest {

    @Test
    void loopThatCouldNotBeWokenIsWokenByTheNextPoster() {
        AtomicInteger wakeUps = new AtomicInteger();
        Inbox inbox = new Inbox(() -> {
            if (wakeUps.incrementAndGet() == 1) {
                throw new StackOverflowError("simulated");
            }
        });
        inbox.fallAsleep();

        assertThatThrownBy(() -> inbox.offer(() -> {})).isInstanceOf(StackOverflowError.class);
        inbox.offer(() -> {});

        assertThat(wakeUps).hasValue(2);
    }
}
