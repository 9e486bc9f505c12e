package dev.kafkaboot.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class KafkaExceptionTest {

    @Test
    void brokerErrorNamesSubjectCodeRequestBrokerAndReason() {
        BrokerException error = new BrokerException(
                "topic 'orders'", ErrorCode.TOPIC_ALREADY_EXISTS, ApiKey.CREATE_TOPICS, new Node(2, "b2", 9092, null), "It exists.");

        assertThat(error).hasMessage(
                "topic 'orders': TOPIC_ALREADY_EXISTS (It exists.), answered to CREATE_TOPICS by broker 2 (b2:9092)");
        assertThat(error.isRetriable()).isFalse();
        assertThat(error.errorCode()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void sendErrorTakesItsFlagsFromTheCause() {
        SendException error = new SendException("no", "orders", 3, Persistence.POSSIBLY_PERSISTED,
                new DisconnectException("gone", null, /* mayHaveBeenReceived= */ true));

        assertThat(error.isRetriable()).isTrue();
        assertThat(error.isFatal()).isFalse();
        assertThat(error.errorCode()).isNull();
        assertThat(error.persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED);
    }

    @Test
    void theCallersStackIsOnWhatTheCallerSees() throws Exception {
        TimeoutException[] raised = new TimeoutException[1];
        Thread loop = new Thread(() -> raised[0] = new TimeoutException("late"));
        loop.start();
        loop.join();

        KafkaException seen = KafkaException.forCaller(new ExecutionException(new CompletionException(raised[0])));

        assertThat(seen).isExactlyInstanceOf(TimeoutException.class).hasMessage("late");
        assertThat(seen.getStackTrace()).extracting(StackTraceElement::getMethodName).contains("theCallersStackIsOnWhatTheCallerSees");
    }

    @Test
    void callersOfOneFailureDoNotOverwriteEachOthersStacks() {
        DisconnectException cause = new DisconnectException("gone", null, /* mayHaveBeenReceived= */ true);
        SendException shared = new SendException("no", "orders", 3, Persistence.POSSIBLY_PERSISTED, cause);
        StackTraceElement[] raisedAt = shared.getStackTrace();

        KafkaException first = oneCaller(shared);
        KafkaException second = KafkaException.forCaller(shared);

        assertThat(first.getStackTrace()[0].getClassName()).isEqualTo(KafkaException.class.getName());
        assertThat(first.getStackTrace()).extracting(StackTraceElement::getMethodName).contains("oneCaller");
        assertThat(second.getStackTrace()).extracting(StackTraceElement::getMethodName).doesNotContain("oneCaller");
        assertThat(shared.getStackTrace()).isEqualTo(raisedAt);
        assertThat(first).hasMessage("no").hasCause(cause).hasSuppressedException(shared).isInstanceOfSatisfying(SendException.class, copy -> {
            assertThat(copy.topic()).isEqualTo("orders");
            assertThat(copy.persistence()).isEqualTo(Persistence.POSSIBLY_PERSISTED);
            assertThat(copy.isRetriable()).isTrue();
        });
    }

    private static KafkaException oneCaller(KafkaException failure) {
        return KafkaException.forCaller(failure);
    }

    @Test
    void aForeignFailureIsWrapped() {
        IOException cause = new IOException("disk");

        assertThat(KafkaException.forCaller(cause)).hasMessage("disk").hasCause(cause).isExactlyInstanceOf(KafkaException.class);
    }
}
