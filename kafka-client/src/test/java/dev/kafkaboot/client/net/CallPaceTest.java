package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallPaceTest {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final CallPace pace = new CallPace();

    @Test
    void callThatHangsIsRepeatedAfterTwoMinutesAndAfterTheFourthEverLater() {
        List<Long> begun = new ArrayList<>();

        for (long minute = 0; minute < 7 * 24 * 60; minute++) {
            if (pace.mayBegin(minute * MINUTE)) {
                pace.begin(minute * MINUTE);
                begun.add(minute);
            }
        }

        assertThat(begun).startsWith(0L, 2L, 4L, 6L, 16L, 36L, 76L).hasSizeLessThan(20);
        assertThat(begun.get(begun.size() - 1)).as("the last, on the last day").isGreaterThan(6 * 24 * 60);
    }

    @Test
    void afterAnyCallHasReturnedTheNextMayBeginAtOnce() {
        int hangs = pace.begin(0);
        int newest = pace.begin(2 * MINUTE);
        assertThat(pace.mayBegin(3 * MINUTE)).isFalse();

        assertThat(pace.ended(newest)).isTrue();

        assertThat(pace.mayBegin(3 * MINUTE)).isTrue();
        assertThat(pace.running()).isEqualTo(1);
        pace.begin(3 * MINUTE);
        assertThat(pace.mayBegin(4 * MINUTE)).isFalse();
        assertThat(pace.ended(hangs)).as("the newest").isFalse();
        assertThat(pace.mayBegin(4 * MINUTE)).isTrue();
    }

    @Test
    void clockThatWasSetBackDoesNotProlongTheWait() {
        pace.begin(100 * MINUTE);

        assertThat(pace.mayBegin(0)).isTrue();
    }
}
