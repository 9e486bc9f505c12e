package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import org.junit.jupiter.api.Test;

/** What a wrong password costs: a transactional producer, and nobody else. */
class TransactionFailuresTest {

    private final AuthenticationException refusal = new AuthenticationException("broker 1 refused PLAIN for user 'billing'");

    @Test
    void producerWhoseCoordinatorDoesNotLetItInIsOfNoMoreUse() {
        SendException failure = SendException.inTransaction("Could not send", "orders", 0, Persistence.NOT_PERSISTED, refusal);

        assertThat(TransactionFailures.isFatal(refusal)).isTrue();
        assertThat(TransactionFailures.isFatal(failure)).isTrue();
        assertThat(failure.isFatal()).isTrue();
        assertThat(failure.requiresAbort()).isFalse();
    }

    @Test
    void otherClientsGoOnWhenThePasswordIsRight() {
        SendException failure = new SendException("Could not send", "orders", 0, Persistence.NOT_PERSISTED, refusal);

        assertThat(refusal.isFatal()).isFalse();
        assertThat(failure.isFatal()).isFalse();
    }
}
