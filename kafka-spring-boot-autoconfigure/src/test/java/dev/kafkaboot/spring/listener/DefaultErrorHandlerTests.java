package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.SerializationException;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.backoff.FixedBackOff;

@ExtendWith(OutputCaptureExtension.class)
class DefaultErrorHandlerTests {

    private static final ConsumerRecord<byte[], byte[]> RECORD = new ConsumerRecord<>("orders", 3, 17, null, new byte[] {'x'});

    private final DefaultErrorHandler handler = new DefaultErrorHandler(new FixedBackOff(0, 1));

    private ErrorDecision handle(Throwable cause, int attempt) {
        return handler.handle(new FailedRecord(RECORD, cause, attempt, "billing", "g"));
    }

    @Test
    void recordThatCannotBeReadIsOneLineWithAllCauses(CapturedOutput output) {
        Throwable root = new IllegalArgumentException("Unexpected character 'x'");
        Throwable cause = new SerializationException("Cannot read the value of orders-3 offset 17", new IllegalStateException("No JSON", root));

        ErrorDecision decision = handle(cause, 1);

        assertThat(decision).isEqualTo(ErrorDecision.skip());
        assertThat(output.toString().lines().filter(line -> !line.isBlank())).singleElement().asString()
                .contains("'billing'", "orders-3@17", "No JSON", "Unexpected character 'x'", "it would fail in the same way again");
    }

    @Test
    void listenerThatFailsShowsWhere(CapturedOutput output) {
        Throwable cause = new IllegalStateException("The database is away");

        ErrorDecision decision = handle(cause, 2);

        assertThat(decision).isEqualTo(ErrorDecision.skip());
        assertThat(output).contains("after 2 attempts", "The database is away", "at " + DefaultErrorHandlerTests.class.getName());
    }

    @Test
    void causesThatAreARingAreToldOnce(CapturedOutput output) {
        Exception two = new IllegalStateException("two");
        Exception one = new SerializationException("one", two);
        two.initCause(one);

        handle(one, 1);

        assertThat(output.toString().lines().filter(line -> line.contains("caused by")).findFirst().orElseThrow()).containsOnlyOnce("two");
    }
}
