package dev.kafkaboot.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The {@code kafka.template.*} properties. */
public class KafkaTemplateProperties {

    /** Topic that messages go to when none is named. */
    private @Nullable String defaultTopic;

    /** Longest time that the end of the application waits for records to be acknowledged. */
    private Duration closeTimeout = Duration.ofSeconds(30);

    public @Nullable String getDefaultTopic() {
        return defaultTopic;
    }

    public void setDefaultTopic(@Nullable String defaultTopic) {
        this.defaultTopic = defaultTopic;
    }

    public Duration getCloseTimeout() {
        return closeTimeout;
    }

    public void setCloseTimeout(Duration closeTimeout) {
        this.closeTimeout = closeTimeout;
    }
}
