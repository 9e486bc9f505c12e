package dev.kafkaboot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.consumer.ConsumerConfig;
import dev.kafkaboot.client.consumer.ShareConsumerConfig;
import dev.kafkaboot.client.producer.ProducerConfig;
import dev.kafkaboot.spring.listener.ContainerProperties;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an editor shows about the properties. */
class ConfigurationMetadataTests {

    @ParameterizedTest
    @CsvSource({
        "kafka.consumer.enable-auto-commit, enable.auto.commit",
        "kafka.consumer.auto-commit-interval, auto.commit.interval.ms",
        "kafka.consumer.auto-offset-reset, auto.offset.reset",
        "kafka.consumer.commit-marks, commit.marks",
        "kafka.consumer.max-unmarked-records, max.unmarked.records",
        "kafka.consumer.fetch-max-wait, fetch.max.wait.ms",
        "kafka.consumer.fetch-min-size, fetch.min.bytes",
        "kafka.consumer.heartbeat-interval, heartbeat.interval.ms",
        "kafka.consumer.session-timeout, session.timeout.ms",
        "kafka.consumer.isolation-level, isolation.level",
        "kafka.consumer.max-poll-records, max.poll.records",
        "kafka.consumer.max-poll-interval, max.poll.interval.ms",
        "kafka.producer.acks, acks",
        "kafka.producer.batch-size, batch.size",
        "kafka.producer.buffer-memory, buffer.memory",
        "kafka.producer.compression-type, compression.type",
        "kafka.producer.delivery-timeout, delivery.timeout.ms",
        "kafka.producer.linger, linger.ms",
        "kafka.producer.max-block, max.block.ms",
        "kafka.producer.max-request-size, max.request.size",
        "kafka.producer.partitioner-adaptive, partitioner.adaptive.partitioning.enable",
        "kafka.producer.partitioner-availability-timeout, partitioner.availability.timeout.ms",
        "kafka.producer.partitioner-ignore-keys, partitioner.ignore.keys",
        "kafka.producer.partitioner-rack-aware, partitioner.rack.aware",
        "kafka.producer.retries, retries",
        "kafka.producer.transaction-timeout, transaction.timeout.ms",
        "kafka.producer.transaction-two-phase-commit-enable, transaction.two.phase.commit.enable",
        "kafka.share-consumer.acknowledgement-mode, share.acknowledgement.mode",
        "kafka.share-consumer.acquire-mode, share.acquire.mode",
        "kafka.share-consumer.fetch-max-wait, fetch.max.wait.ms",
        "kafka.share-consumer.fetch-min-size, fetch.min.bytes",
        "kafka.share-consumer.max-poll-records, max.poll.records",
        "kafka.share-consumer.max-poll-interval, max.poll.interval.ms",
    })
    void theDefaultShownIsTheLibrarys(String property, String key) throws IOException {
        List<ConfigKey<?>> keys = property.startsWith("kafka.consumer")
                ? ConsumerConfig.KEYS
                : property.startsWith("kafka.share-consumer") ? ShareConsumerConfig.KEYS : ProducerConfig.KEYS;
        Object libraryDefault = keys.stream().filter(each -> each.name().equals(key)).findFirst().orElseThrow().defaultValue();

        assertThat(normal(shownDefault(property))).isEqualTo(normal(String.valueOf(libraryDefault)));
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.listener.ack-mode, ackMode",
        "kafka.listener.concurrency, concurrency",
        "kafka.listener.poll-timeout, pollTimeout",
        "kafka.listener.shutdown-timeout, shutdownTimeout",
        "kafka.listener.revocation-timeout, revocationTimeout",
        "kafka.listener.max-queued-records, maxQueuedRecords",
    })
    void theDefaultShownIsTheContainers(String property, String name) throws IOException {
        Object containerDefault = PropertyAccessorFactory.forBeanPropertyAccess(new ContainerProperties()).getPropertyValue(name);

        assertThat(normal(shownDefault(property))).isEqualTo(normal(String.valueOf(containerDefault)));
    }

    @Test
    void everyPropertyIsDescribed() throws IOException {
        List<String> undescribed = new ArrayList<>();
        properties().forEach((name, property) -> {
            if (!property.has("description")) {
                undescribed.add(name);
            }
        });

        assertThat(undescribed).isEmpty();
    }

    private static String shownDefault(String property) throws IOException {
        JsonNode shown = Objects.requireNonNull(properties().get(property), property).get("defaultValue");
        assertThat(shown).as("default of " + property).isNotNull();
        return shown.asString();
    }

    /** Sizes and times have several spellings. */
    private static String normal(String value) {
        String text = value.toLowerCase(Locale.ROOT).replace('-', '_');
        if (text.matches("[0-9]+(b|kb|mb)")) {
            return String.valueOf(DataSize.parse(text.toUpperCase(Locale.ROOT)).toBytes());
        }
        if (text.matches("[0-9]+(ms|s|m)|pt.*")) {
            Duration time = DurationStyle.detectAndParse(text.startsWith("pt") ? text.toUpperCase(Locale.ROOT) : text);
            return String.valueOf(time.toMillis()) + " ms";
        }
        return text;
    }

    private static Map<String, JsonNode> properties() throws IOException {
        Path metadata = Path.of("target/classes/META-INF/spring-configuration-metadata.json");
        try (InputStream in = Files.newInputStream(metadata)) {
            Map<String, JsonNode> properties = new TreeMap<>();
            JsonMapper.shared().readTree(in).get("properties").forEach(property -> properties.put(property.get("name").asString(), property));
            return properties;
        }
    }
}
