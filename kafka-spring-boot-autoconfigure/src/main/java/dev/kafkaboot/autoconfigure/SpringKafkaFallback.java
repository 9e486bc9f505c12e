package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.admin.AdminConfig;
import dev.kafkaboot.client.consumer.ConsumerConfig;
import dev.kafkaboot.client.consumer.ShareConsumerConfig;
import dev.kafkaboot.client.producer.Partitioner;
import dev.kafkaboot.client.producer.ProducerConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/**
 * Fills the properties from {@code spring.kafka.*}.
 *
 * <p>They were written for spring-kafka, which may be there too: what they say that means nothing here (an ack mode or a key of Apache's client that this one has
 * not) is told in the log and left out. What asks for security stays, so that it is refused.
 */
final class SpringKafkaFallback extends AbstractBindHandler {

    private static final Logger logger = LoggerFactory.getLogger(SpringKafkaFallback.class);
    private static final String PREFIX = "spring.kafka";

    private final List<String> leftOut = new ArrayList<>();

    private SpringKafkaFallback() {}

    static void fill(KafkaProperties properties, Environment environment) {
        SpringKafkaFallback fallback = new SpringKafkaFallback();
        Binder.get(environment).bind(PREFIX, Bindable.ofInstance(properties), fallback);
        fallback.keepKnown(properties.getProperties(), "properties",
                List.of(CommonConfig.KEYS, ProducerConfig.KEYS, ConsumerConfig.KEYS, ShareConsumerConfig.KEYS, AdminConfig.KEYS));
        fallback.keepKnown(properties.getProducer().getProperties(), "producer.properties", List.of(ProducerConfig.KEYS));
        fallback.leaveOutPartitioner(properties.getProperties(), "properties");
        fallback.leaveOutPartitioner(properties.getProducer().getProperties(), "producer.properties");
        fallback.keepKnown(properties.getConsumer().getProperties(), "consumer.properties", List.of(ConsumerConfig.KEYS));
        fallback.keepKnown(properties.getShareConsumer().getProperties(), "share-consumer.properties", List.of(ShareConsumerConfig.KEYS));
        fallback.keepKnown(properties.getAdmin().getProperties(), "admin.properties", List.of(AdminConfig.KEYS));
        if (!fallback.leftOut.isEmpty()) {
            logger.warn("These properties of spring-kafka cannot be used here and are left out: {}", String.join("; ", fallback.leftOut));
        }
    }

    @Override
    public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
        ConfigurationProperty property = context.getConfigurationProperty();
        Class<?> type = target.getType().resolve(Object.class);
        leftOut.add(name + (property == null ? "" : "=" + property.getValue()) + " ("
                + (type.isEnum()
                        ? "it must be one of " + Arrays.toString(type.getEnumConstants())
                        : NestedExceptionUtils.getMostSpecificCause(error).getMessage())
                + ")");
        return null;
    }

    /** A class of the application is one for Apache's interface. */
    private void leaveOutPartitioner(Map<String, String> properties, String path) {
        String key = ProducerConfig.PARTITIONER.name();
        String name = properties.get(key);
        if (name == null) {
            return;
        }
        try {
            ClientConfig.of(List.of(ProducerConfig.PARTITIONER), Map.of(key, name));
        } catch (ConfigException unknown) {
            properties.remove(key);
            leftOut.add(PREFIX + "." + path + "[" + key + "]=" + name + " (it is written for Apache's client; a bean of type "
                    + Partitioner.class.getName() + " takes its place)");
        }
    }

    private void keepKnown(Map<String, String> properties, String path, List<List<ConfigKey<?>>> known) {
        Collection<String> unknown = new TreeSet<>();
        properties.keySet().forEach(key -> {
            boolean isKnown = known.stream().flatMap(List::stream).anyMatch(each -> each.name().equals(key));
            if (!isKnown && !SecurityNames.isKey(key)) {
                unknown.add(key);
            }
        });
        unknown.forEach(key -> {
            properties.remove(key);
            leftOut.add(PREFIX + "." + path + "[" + key + "] (this client has no such key)");
        });
    }
}
