package dev.kafkaboot.test.junit;

import dev.kafkaboot.test.FakeKafkaServer;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.TestKafka;
import dev.kafkaboot.test.fake.FakeKafka;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** What makes two clusters the same, so that one can stand for both. */
record ClusterSettings(KafkaKind kind, int brokers, Map<String, String> properties) {

    ClusterSettings {
        properties = Map.copyOf(properties);
    }

    static ClusterSettings of(KafkaCluster annotation) {
        Map<String, String> properties = new TreeMap<>();
        for (String property : annotation.properties()) {
            int separator = property.indexOf('=');
            if (separator < 1) {
                throw new ExtensionConfigurationException(
                        "@KafkaCluster(properties = \"" + property + "\"): a property is written as key=value");
            }
            properties.put(property.substring(0, separator).trim(), property.substring(separator + 1).trim());
        }
        if (annotation.value() == KafkaKind.FAKE && !properties.isEmpty()) {
            throw new ExtensionConfigurationException("@KafkaCluster(value = FAKE, properties = " + properties
                    + "): a fake broker has none of Kafka's properties; FakeKafkaServer.start(FakeKafka.builder()...) configures one");
        }
        return new ClusterSettings(annotation.value(), annotation.brokers(), properties);
    }

    TestKafka start() {
        return switch (kind) {
            case REAL -> RealKafka.builder().brokers(brokers).properties(properties).start();
            case FAKE -> FakeKafkaServer.start(FakeKafka.builder().brokers(brokers));
        };
    }
}
