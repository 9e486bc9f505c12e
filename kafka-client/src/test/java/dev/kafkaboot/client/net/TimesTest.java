package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimesTest {

    @Test
    void durationsReadAsOneWouldSayThem() {
        assertThat(Times.text(Duration.ofMillis(250))).isEqualTo("250 ms");
        assertThat(Times.text(Duration.ofSeconds(30))).isEqualTo("30 s");
        assertThat(Times.text(Duration.ofMillis(1_500))).isEqualTo("1.5 s");
        assertThat(Times.text(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo("for ever");
    }

    @Test
    void deadlinesLieAheadHoweverLongTheLimit() {
        assertThat(Times.deadline(5, Duration.ofNanos(3))).isEqualTo(8);
        assertThat(Times.deadline(Duration.ofDays(20_000).toNanos(), Duration.ofMillis(Long.MAX_VALUE))).isPositive();
    }

    @Test
    void durationsBeyondTheClockDoNotOverflow() {
        assertThat(Times.nanos(Duration.ofSeconds(Long.MAX_VALUE))).isPositive().isLessThan(Long.MAX_VALUE / 2);
        assertThat(Times.nanos(Duration.ofMillis(Long.MAX_VALUE))).isPositive().isLessThan(Long.MAX_VALUE / 2);
        assertThat(Times.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isNegative().isGreaterThan(Long.MIN_VALUE / 2);
        assertThat(Times.nanos(Duration.ofMillis(1))).isEqualTo(1_000_000);
        assertThat(Times.nanos(Duration.ofMillis(-1))).isEqualTo(-1_000_000);
    }
}
