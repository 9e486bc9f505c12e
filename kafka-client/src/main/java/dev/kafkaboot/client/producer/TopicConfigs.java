package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keys of single topics, {@code topics.<name>.<key>}, apart from those of the producer. A topic's name may have dots: what it ends at is the key, of which there
 * are a few ({@link ProducerConfig#TOPIC_KEYS}), and none is another's end.
 */
final class TopicConfigs {

    private final Map<String, Object> ofProducer = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> ofTopics = new TreeMap<>();
    private final List<ConfigException.Fault> faults = new ArrayList<>();

    private TopicConfigs(Map<String, ?> given) {
        given.forEach(this::sort);
    }

    /** Takes apart what was given. */
    static TopicConfigs of(Map<String, ?> given) {
        return new TopicConfigs(given);
    }

    private void sort(String name, @Nullable Object value) {
        if (value == null) {
            return;
        }
        if (!ProducerConfig.isOfATopic(name)) {
            ofProducer.put(name, value);
            return;
        }
        String rest = name.substring(ProducerConfig.TOPIC_PREFIX.length());
        for (ConfigKey<?> key : ProducerConfig.TOPIC_KEYS) {
            int end = rest.length() - key.name().length() - 1;
            if (end > 0 && rest.endsWith("." + key.name())) {
                ofTopics.computeIfAbsent(rest.substring(0, end), absent -> new LinkedHashMap<>()).put(key.name(), value);
                return;
            }
        }
        faults.add(new ConfigException.Fault(name, value.toString(), unknown(rest)));
    }

    /** A mistyped key is as long as the right one, or nearly so: of each, the end of what was given is compared that has as many words. */
    private static String unknown(String rest) {
        List<String> names = ProducerConfig.TOPIC_KEYS.stream().map(ConfigKey::name).toList();
        String[] words = rest.split("\\.", -1);
        for (int first = 1; first < words.length; first++) {
            String end = String.join(".", List.of(words).subList(first, words.length));
            String nearest = NearestName.of(end, names);
            if (nearest != null) {
                String topic = String.join(".", List.of(words).subList(0, first));
                return "this key is not known; did you mean '" + ProducerConfig.TOPIC_PREFIX + topic + "." + nearest + "'?";
            }
        }
        return "it must be " + ProducerConfig.TOPIC_PREFIX + "<name>.<key> with one of the keys " + names;
    }

    /** What concerns no single topic. */
    Map<String, Object> ofProducer() {
        return ofProducer;
    }

    /**
     * The keys of each topic, parsed.
     *
     * @param found takes what is wrong with them
     */
    Map<String, ClientConfig> ofTopics(List<ConfigException.Fault> found) {
        found.addAll(faults);
        Map<String, ClientConfig> parsed = new TreeMap<>();
        ofTopics.forEach((topic, values) -> {
            try {
                ClientConfig config = ClientConfig.of(ProducerConfig.TOPIC_KEYS, values);
                ProducerConfig.validateLevels(config);
                parsed.put(topic, config);
            } catch (ConfigException wrong) {
                wrong.faults().forEach(fault -> found.add(new ConfigException.Fault(
                        ProducerConfig.TOPIC_PREFIX + topic + "." + fault.key(), fault.value(), fault.expected())));
            }
        });
        return parsed;
    }
}
