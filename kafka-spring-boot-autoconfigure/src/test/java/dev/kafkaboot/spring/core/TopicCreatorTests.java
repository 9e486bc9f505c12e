package dev.kafkaboot.spring.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TopicCreatorTests {

    @Test
    void listenersThatWaitAreNotKeptWaitingLongAfterAnOutage() {
        assertThat(TopicCreator.waitAfter(1, /* awaited= */ true)).isEqualTo(Duration.ofSeconds(1));
        assertThat(TopicCreator.waitAfter(20, /* awaited= */ true)).isEqualTo(Duration.ofSeconds(5));
        assertThat(TopicCreator.waitAfter(20, /* awaited= */ false)).isEqualTo(Duration.ofMinutes(1));
    }
}
