package dev.kafkaboot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with the properties of listeners and the template, which no client checks. */
final class OwnPropertyFaults {

    private final WrittenProperties written;
    private final List<InvalidKafkaPropertiesException.Fault> faults = new ArrayList<>();

    private OwnPropertyFaults(WrittenProperties written) {
        this.written = written;
    }

    static List<InvalidKafkaPropertiesException.Fault> find(KafkaProperties properties, WrittenProperties written) {
        OwnPropertyFaults found = new OwnPropertyFaults(written);
        KafkaListenerProperties listener = properties.getListener();
        found.atLeastOne("listener.concurrency", listener.getConcurrency());
        found.atLeastOne("listener.max-queued-records", listener.getMaxQueuedRecords());
        found.notNegative("listener.poll-timeout", listener.getPollTimeout());
        found.notNegative("listener.shutdown-timeout", listener.getShutdownTimeout());
        found.notNegative("listener.revocation-timeout", listener.getRevocationTimeout());
        found.notBlank("listener.client-id", listener.getClientId());
        found.notNegative("template.close-timeout", properties.getTemplate().getCloseTimeout());
        found.notBlank("template.default-topic", properties.getTemplate().getDefaultTopic());
        properties.getProducer().getTopics().forEach(found::level);
        return found.faults;
    }

    private void level(String name, KafkaProducerTopicProperties topic) {
        Integer level = topic.getCompressionLevel();
        check("producer.topics[" + name + "].compression-level", level, level == null || topic.levelledCompression() != null,
                "it needs gzip, lz4 or zstd as compression-type beside it");
    }

    private void atLeastOne(String path, @Nullable Integer value) {
        check(path, value, value == null || value >= 1, "it must be a whole number, at least 1");
    }

    private void notNegative(String path, @Nullable Duration value) {
        check(path, value, value == null || !value.isNegative(), "it must be a time that is not negative");
    }

    private void notBlank(String path, @Nullable String value) {
        check(path, value, value == null || !value.isBlank(), "it must be a text that is not blank");
    }

    private void check(String path, @Nullable Object value, boolean isRight, String expected) {
        if (isRight) {
            return;
        }
        WrittenProperties.Written found = written.find(path, null);
        faults.add(found == null
                ? new InvalidKafkaPropertiesException.Fault("kafka." + path, String.valueOf(value), null, expected)
                : new InvalidKafkaPropertiesException.Fault(found.name(), found.value(), found.origin(), expected));
    }
}
