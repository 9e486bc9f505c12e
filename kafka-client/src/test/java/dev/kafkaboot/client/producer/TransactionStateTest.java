package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TransactionStateTest {

    @Test
    void impossibleTransitionFailsWithBothNames() {
        assertThatThrownBy(() -> TransactionState.READY.to(TransactionState.COMMITTING))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("READY").hasMessageContaining("COMMITTING");
    }

    @Test
    void commitThatMayHaveBeenAskedForIsNeverAborted() {
        assertThatThrownBy(() -> TransactionState.COMMITTING.to(TransactionState.ABORTING)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void failedProducerCanOnlyBeClosed() {
        assertThat(TransactionState.FATAL_ERROR.to(TransactionState.CLOSED)).isEqualTo(TransactionState.CLOSED);
        assertThatThrownBy(() -> TransactionState.FATAL_ERROR.to(TransactionState.READY)).isInstanceOf(IllegalStateException.class);
    }
}
