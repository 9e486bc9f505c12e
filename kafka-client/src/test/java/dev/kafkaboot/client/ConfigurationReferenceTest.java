package dev.kafkaboot.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.admin.AdminConfig;
import dev.kafkaboot.client.consumer.ConsumerConfig;
import dev.kafkaboot.client.consumer.ShareConsumerConfig;
import dev.kafkaboot.client.producer.ProducerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is written from the keys themselves: run this with {@code -Ddocs.write=true} after changing one. */
class ConfigurationReferenceTest {

    private static final Path REFERENCE = Path.of("..", "docs", "configuration.md");

    @Test
    void theReferenceInTheDocumentationIsThatOfTheKeys() throws IOException {
        String reference = """
                # Configuration of the clients

                Keys are Kafka's own where Kafka has the setting. They are given to a client's builder, as a map or by its methods; in a Boot application
                under `kafka.properties.*`, `kafka.producer.properties.*`, `kafka.consumer.properties.*` and `kafka.admin.properties.*`. A key that is not
                in the client's list is an error that names the nearest one. This page is written from the keys themselves.

                """
                + section("Every client", CommonConfig.KEYS, List.of())
                + section("Producer", ProducerConfig.KEYS, CommonConfig.KEYS)
                + ofTopics()
                + section("Consumer", ConsumerConfig.KEYS, CommonConfig.KEYS)
                + section("Share consumer", ShareConsumerConfig.KEYS, CommonConfig.KEYS)
                + section("Admin client", AdminConfig.KEYS, CommonConfig.KEYS);
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(REFERENCE, reference);
        }

        assertThat(Files.readString(REFERENCE)).isEqualTo(reference);
    }

    private static String ofTopics() {
        return ProducerConfig.TOPIC_KEYS.stream().map(key -> "`" + key.name() + "`").collect(Collectors.joining(", "))
                + " can be set for one topic, as `" + ProducerConfig.TOPIC_PREFIX + "<name>.<key>`: `topics.orders.linger.ms`. What a topic does not say is as for "
                + "the producer.\n\n";
    }

    private static String section(String title, List<ConfigKey<?>> keys, List<ConfigKey<?>> without) {
        StringBuilder text = new StringBuilder("## ").append(title).append("\n\n");
        List<ConfigKey<?>> own = keys.stream().filter(key -> !without.contains(key)).toList();
        if (own.isEmpty()) {
            return text.append("No keys of its own.\n\n").toString();
        }
        text.append("| key | type | default | |\n|---|---|---|---|\n");
        for (ConfigKey<?> key : own) {
            text.append("| `").append(key.name()).append("` | ").append(key.type()).append(" | ").append(defaultOf(key)).append(" | ")
                    .append(key.description()).append(" I").append(key.expected().substring(1)).append(". |\n");
        }
        return text.append('\n').toString();
    }

    private static String defaultOf(ConfigKey<?> key) {
        Object value = key.defaultValue();
        if (value == null) {
            return "";
        }
        String text = value instanceof Duration duration ? Long.toString(duration.toMillis()) : value.toString();
        boolean isNamedInLowerCase = value instanceof Enum<?> && !key.expected().contains(text);
        return "`" + (isNamedInLowerCase ? text.toLowerCase(Locale.ROOT) : text) + "`";
    }
}
