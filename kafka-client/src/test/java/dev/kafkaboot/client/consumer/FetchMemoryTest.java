package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FetchMemoryTest {

    private final FetchMemory memory = new FetchMemory(100);

    @Test
    void requestsTogetherReserveNoMoreThanThereIs() {
        assertThat(memory.reserve(60, 10)).isEqualTo(60);
        assertThat(memory.reserve(60, 10)).isEqualTo(40);
        assertThat(memory.reserve(60, 10)).as("there is none left").isZero();
        assertThat(memory.used()).isEqualTo(100);
    }

    @Test
    void lessThanIsWorthARequestIsNotReserved() {
        memory.take(95);

        assertThat(memory.reserve(60, 10)).isZero();
        assertThat(memory.reserve(5, 10)).as("no more is wanted").isEqualTo(5);
    }

    @Test
    void anAnswerThatIsLargerThanItsReservationIsPaidBackBeforeMoreIsReserved() {
        memory.reserve(50, 10);
        memory.release(50);
        memory.take(150);
        assertThat(memory.reserve(20, 10)).isZero();

        memory.release(150);

        assertThat(memory.reserve(20, 10)).isEqualTo(20);
    }
}
