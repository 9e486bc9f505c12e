package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BatchStampTest {

    private static final ProducerIdentity FIRST = new ProducerIdentity(7, (short) 0);

    @Test
    void sequenceBehindTheLargestIsZero() {
        BatchStamp last = new BatchStamp(FIRST, Integer.MAX_VALUE);

        BatchStamp next = last.plus(1);

        assertThat(last.baseSequence()).isEqualTo(Integer.MAX_VALUE);
        assertThat(next.baseSequence()).isZero();
    }

    @Test
    void lastEpochCannotBeBumped() {
        ProducerIdentity last = new ProducerIdentity(7, Short.MAX_VALUE);

        assertThat(last.isExhausted()).isTrue();
        assertThatThrownBy(last::bumped).isInstanceOf(IllegalStateException.class).hasMessageContaining("32767");
        assertThat(FIRST.bumped()).isEqualTo(new ProducerIdentity(7, (short) 1));
    }
}
