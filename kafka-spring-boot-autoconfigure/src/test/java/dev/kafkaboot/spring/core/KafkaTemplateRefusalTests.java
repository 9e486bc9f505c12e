package dev.kafkaboot.spring.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What a template refuses by itself. No broker is needed. */
class KafkaTemplateRefusalTests {

    private final DefaultKafkaProducerFactory<String, String> factory =
            new DefaultKafkaProducerFactory<>(Map.of("bootstrap.servers", "127.0.0.1:1"), Serializers.string(), Serializers.string());
    private final KafkaTemplate<String, String> template = new KafkaTemplate<>(factory);

    @Test
    @NullUnmarked
    void whatCannotBeARecordFailsTheFutureAndIsNotThrown() {
        List<CompletableFuture<SendResult<String, String>>> sent = List.of(
                template.send((String) null, "value"),
                template.send("orders", -1, "key", "value"),
                template.send("orders", 0, -1L, "key", "value"));

        assertThat(sent).allSatisfy(future -> assertThat(future)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(KafkaProducerException.class));
    }

    @Test
    void sendAfterTheApplicationWasClosedFailsTheFuture() {
        factory.destroy();

        assertThat(template.send("orders", "value"))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(KafkaProducerException.class)
                .withMessageContaining("closed");
    }
}
