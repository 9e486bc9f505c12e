package dev.kafkaboot.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RecordWindowTest {

    @Test
    void windowDoublesOrGrowsToWhatIsNeeded() {
        assertThat(RecordWindow.grown(1_000, 1_001)).isEqualTo(2_000);
        assertThat(RecordWindow.grown(1_000, 5_000)).isEqualTo(5_000);
        assertThat(RecordWindow.grown(Integer.MAX_VALUE - 1_000, Integer.MAX_VALUE - 900)).isEqualTo(Integer.MAX_VALUE - 8);
    }

    @Test
    void recordThatNoBufferCanHoldIsCorruptAndNotAnArithmeticFault() {
        assertThatThrownBy(() -> RecordWindow.grown(100, 100L + Integer.MAX_VALUE))
                .isInstanceOf(CorruptRecordException.class).hasMessageContaining("2147483747 bytes");
    }
}
