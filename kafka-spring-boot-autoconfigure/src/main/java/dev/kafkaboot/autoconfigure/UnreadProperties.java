package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.NearestName;
import java.beans.PropertyDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * Finds properties that look as if they meant something and are not read: mistyped ones, and those of spring-kafka that have no counterpart here.
 *
 * <p>A mistyped {@code kafka.*} property fails the start, within the groups that belong to this library alone. A {@code spring.kafka.*} property that
 * is not read is told in the log, because spring-kafka may be there too and read it; but one that decides about security fails the start.
 */
final class UnreadProperties {

    private static final Logger logger = LoggerFactory.getLogger(UnreadProperties.class);

    private static final Map<String, Class<?>> GROUPS = groups();
    private static final Set<String> SECURITY = Set.of("security", "ssl", "jaas");

    private UnreadProperties() {}

    private static Map<String, Class<?>> groups() {
        Map<String, Class<?>> groups = new LinkedHashMap<>();
        groups.put("consumer", KafkaConsumerProperties.class);
        groups.put("producer", KafkaProducerProperties.class);
        groups.put("admin", KafkaAdminProperties.class);
        groups.put("listener", KafkaListenerProperties.class);
        groups.put("template", KafkaTemplateProperties.class);
        return groups;
    }

    /** What fails the start; what does not, goes to the log. */
    static List<InvalidKafkaPropertiesException.Fault> faults(WrittenProperties written) {
        List<InvalidKafkaPropertiesException.Fault> faults = new ArrayList<>();
        for (String prefix : WrittenProperties.PREFIXES) {
            boolean ours = prefix.equals("kafka");
            List<String> ignored = new ArrayList<>();
            written.below(prefix).forEach((name, property) -> {
                Verdict verdict = verdict(name.substring(prefix.length() + 1), ours);
                if (verdict.fails()) {
                    faults.add(new InvalidKafkaPropertiesException.Fault(
                            property.name(), shown(name, property.value()), property.origin(), verdict.reason()));
                } else if (!verdict.reason().isEmpty()) {
                    ignored.add(property.name());
                }
            });
            if (!ignored.isEmpty()) {
                logger.warn("These properties of spring-kafka have no counterpart here and are not read: {}", ignored);
            }
        }
        return faults;
    }

    private record Verdict(boolean fails, String reason) {

        static final Verdict READ = new Verdict(false, "");
    }

    private static Verdict verdict(String path, boolean ours) {
        String[] parts = path.split("\\.", 3);
        String group = parts[0];
        if (SECURITY.contains(group) || (parts.length > 1 && GROUPS.containsKey(group) && SECURITY.contains(parts[1]))) {
            return new Verdict(true, "TLS and SASL are not there yet: only brokers that speak plain text can be used");
        }
        Class<?> type = GROUPS.get(group);
        if (type == null) {
            boolean read = has(KafkaProperties.class, group.replaceFirst("\\[.*", ""));
            return ours || read ? Verdict.READ : new Verdict(false, "not read");
        }
        String property = parts.length == 1 ? "" : parts[1].replaceFirst("\\[.*", "");
        if (property.isEmpty() || has(type, property)) {
            return Verdict.READ;
        }
        String nearest = NearestName.of(property, properties(type).toList());
        return new Verdict(ours, "there is no such property" + (nearest == null ? "" : "; did you mean 'kafka." + group + "." + nearest + "'?"));
    }

    private static boolean has(Class<?> type, String property) {
        return properties(type).anyMatch(each -> uniform(each).equals(uniform(property)));
    }

    private static Stream<String> properties(Class<?> type) {
        return Stream.of(BeanUtils.getPropertyDescriptors(type))
                .map(PropertyDescriptor::getName)
                .filter(name -> !name.equals("class"))
                .map(DataObjectPropertyName::toDashedForm);
    }

    /** The form in which Boot compares names: {@code clientId}, {@code client_id} and {@code client-id} are one. */
    private static String uniform(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /** A value as it may be shown. */
    static String shown(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Stream.of("password", "secret", "jaas", "token", "store-key", "store.key").anyMatch(lower::contains) ? "****" : value;
    }
}
