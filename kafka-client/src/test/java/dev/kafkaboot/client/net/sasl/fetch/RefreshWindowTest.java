package dev.kafkaboot.client.net.sasl.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefreshWindowTest {

    private static final RefreshWindow KAFKAS = new RefreshWindow(0.8, 0.05, Duration.ofSeconds(60), Duration.ofSeconds(300));

    @Test
    void longTokenIsRenewedAfterFourFifthsOfItsLife() {
        assertThat(KAFKAS.refreshAtMillis(1_000, 3_601_000, 0)).isEqualTo(1_000 + 2_880_000);
    }

    @Test
    void chanceMovesTheRenewalByNoMoreThanTheJitter() {
        assertThat(KAFKAS.refreshAtMillis(0, 3_600_000, 1)).isEqualTo(3_060_000);
    }

    @Test
    void bufferIsKeptAheadOfTheExpiry() {
        assertThat(KAFKAS.refreshAtMillis(0, 600_000, 0)).isEqualTo(300_000);
    }

    @Test
    void minimumPeriodCountsForMoreThanTheBuffer() {
        assertThat(KAFKAS.refreshAtMillis(0, 360_000, 0)).isEqualTo(60_000);
    }

    @Test
    void tokenShorterThanBothIsRenewedByTheFactorAlone() {
        assertThat(KAFKAS.refreshAtMillis(0, 100_000, 0)).isEqualTo(80_000);
    }

    @Test
    void factorAndJitterTogetherDoNotPassTheExpiry() {
        RefreshWindow wide = new RefreshWindow(1, 0.25, Duration.ZERO, Duration.ZERO);

        assertThat(wide.refreshAtMillis(0, 10_000, 1)).isEqualTo(10_000);
    }

    @Test
    void tokenThatEndsBeforeItBeginsIsRenewedAtOnce() {
        assertThat(KAFKAS.refreshAtMillis(5_000, 1_000, 1)).isEqualTo(5_000);
    }
}
