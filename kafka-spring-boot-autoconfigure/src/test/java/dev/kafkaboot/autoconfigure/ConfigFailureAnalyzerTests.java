package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ConfigException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigFailureAnalyzerTests {

    @Test
    void theKeyTheValueAndWhatWouldBeRightAreTold() {
        Throwable failure = new IllegalStateException("context", new ConfigException("max.poll.records", "0", "it must be a whole number, at least 1"));

        String description = Objects.requireNonNull(new ConfigFailureAnalyzer().analyze(failure)).getDescription();

        assertThat(description).contains("Key: max.poll.records").contains("Value: \"0\"").contains("Reason: it must be a whole number, at least 1");
    }
}
