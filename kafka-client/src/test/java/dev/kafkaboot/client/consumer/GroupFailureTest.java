package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.KafkaException;
import org.junit.jupiter.api.Test;

/** What polls tell of refusals, and how often. */
class GroupFailureTest {

    private final GroupFailure failure = new GroupFailure(() -> {});

    @Test
    void answerOfOneBrokerDoesNotHideThatAnotherRefuses() {
        failure.refused(1, new AuthenticationException("broker 1 refused"));

        failure.admitted(2);

        assertThat(failure.isNew()).isTrue();
        assertThatThrownBy(failure::throwIfNew).isInstanceOf(AuthenticationException.class).hasMessage("broker 1 refused");
    }

    @Test
    void answerOfOneBrokerDoesNotHideThatTheClusterRefuses() {
        failure.refused(new AuthenticationException("nobody lets it in"));

        failure.admitted(2);

        assertThatThrownBy(failure::throwIfAny).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void brokerThatAnswersHasRefusedNothing() {
        failure.refused(1, new AuthenticationException("broker 1 refused"));

        failure.admitted(1);

        assertThat(failure.isNew()).isFalse();
        assertThatCode(failure::throwIfAny).doesNotThrowAnyException();
    }

    @Test
    void refusalOfABrokerIsToldOnceForEachAttempt() {
        failure.refused(1, new AuthenticationException("first"));
        assertThatThrownBy(failure::throwIfNew).hasMessage("first");
        assertThatCode(failure::throwIfAny).as("the broker may not be asked again, being no leader any more").doesNotThrowAnyException();

        failure.refused(1, new AuthenticationException("second"));

        assertThatThrownBy(failure::throwIfAny).hasMessage("second");
    }

    @Test
    void refusalOfABrokerIsToldBeforeAFailureToJoinAndInstead() {
        failure.set(new AuthenticationException("no coordinator lets it in"));
        failure.refused(1, new AuthenticationException("broker 1 refused"));

        assertThatThrownBy(failure::throwIfNew).hasMessage("broker 1 refused");
        assertThat(failure.isNew()).isFalse();

        failure.set(new KafkaException("not allowed"));
        failure.refused(1, new AuthenticationException("broker 1 refused"));

        assertThatThrownBy(failure::throwIfNew).hasMessage("broker 1 refused");
        assertThatThrownBy(failure::throwIfNew).hasMessage("not allowed");
    }
}
