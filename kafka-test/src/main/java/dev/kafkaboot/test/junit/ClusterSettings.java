package dev.kafkaboot.test.junit;

import dev.kafkaboot.test.RealKafka;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** What makes two clusters the same, so that one can stand for both. */
record ClusterSettings(int brokers, Map<String, String> properties) {

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
        return new ClusterSettings(annotation.brokers(), properties);
    }

    RealKafka start() {
        return RealKafka.builder().brokers(brokers).properties(properties).start();
    }
}
