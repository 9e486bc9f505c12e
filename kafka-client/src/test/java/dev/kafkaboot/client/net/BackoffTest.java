package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

    @Test
    void waitsDoubleUpToTheCeilingAndAreMovedByAtMostAFifth() {
        Random random = new Random(3);
        long[] expected = {100, 200, 400, 800, 1_000, 1_000};
        for (int failures = 1; failures <= expected.length; failures++) {
            for (int i = 0; i < 100; i++) {
                assertThat(backoff.after(failures, random).toMillis())
                        .isBetween(expected[failures - 1] * 8 / 10 - 1, expected[failures - 1] * 12 / 10);
            }
        }
    }

    @Test
    void waitsAreNotAllTheSame() {
        Random random = new Random(3);

        assertThat(backoff.after(1, random)).isNotEqualTo(backoff.after(1, random));
    }

    @Test
    void withoutFailuresThereIsNoWait() {
        assertThat(backoff.after(0, new Random(3))).isZero();
    }

    @Test
    void manyFailuresDoNotOverflow() {
        assertThat(backoff.withoutJitter(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waitsBeyondTheClockDoNotOverflow() {
        Backoff forEver = new Backoff(Duration.ofMillis(Long.MAX_VALUE), Duration.ofMillis(Long.MAX_VALUE));

        assertThat(forEver.after(3, new Random(3))).isGreaterThan(Duration.ofDays(365));
    }

    @Test
    void ceilingBelowTheFirstWaitIsRaisedToIt() {
        assertThat(new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)).withoutJitter(5)).isEqualTo(Duration.ofSeconds(2));
    }
}
