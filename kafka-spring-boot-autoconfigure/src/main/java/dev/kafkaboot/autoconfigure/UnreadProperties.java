package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.NearestName;
import java.beans.PropertyDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * Finds properties that look as if they meant something and are not read: mistyped ones, and those of spring-kafka that have no counterpart here.
 *
 * <p>A mistyped {@code kafka.*} property fails the start, within the groups that belong to this library alone. Elsewhere below {@code kafka} it may be the
 * application's own, and one that looks like one of ours is told in the log. So is a {@code spring.kafka.*} property that is not read, because spring-kafka may be
 * there too and read it.
 */
final class UnreadProperties {

    private static final Logger logger = LoggerFactory.getLogger(UnreadProperties.class);

    /** Groups of all clients, the first two also within those of one kind of client. */
    private static final Map<String, Class<?>> SECURITY_GROUPS = Map.of(
            "security", KafkaSecurityProperties.class, "ssl", KafkaSslProperties.class, "sasl", KafkaSaslProperties.class,
            "jaas", KafkaJaasProperties.class, "proxy", KafkaProxyProperties.class);

    private static final Map<String, Class<?>> GROUPS = groups();

    /** A mistyped name tells nothing of what it was meant for: all that is below these may be a password. */
    private static final Pattern SECRET_GROUP = Pattern.compile("(^|[.\\[])(sasl|ssl|jaas|proxy)[.\\[]");

    private static final Pattern OF_A_TOPIC = Pattern.compile("(?:\\.[^.\\[\\]]+|\\[[^\\[\\]]+])\\.([^.\\[\\]]+)");

    /** What is to come below {@code kafka}, and may be tried already. */
    private static final Map<String, String> NOT_THERE_YET = Map.of(
            "clusters", "named clusters are not there yet", "listeners", "settings by listener are not there yet");

    private UnreadProperties() {}

    private static Map<String, Class<?>> groups() {
        Map<String, Class<?>> groups = new LinkedHashMap<>();
        groups.put("consumer", KafkaConsumerProperties.class);
        groups.put("share-consumer", KafkaShareConsumerProperties.class);
        groups.put("producer", KafkaProducerProperties.class);
        groups.put("admin", KafkaAdminProperties.class);
        groups.put("listener", KafkaListenerProperties.class);
        groups.put("template", KafkaTemplateProperties.class);
        groups.putAll(SECURITY_GROUPS);
        return groups;
    }

    /** What fails the start; what does not, goes to the log. */
    static List<InvalidKafkaPropertiesException.Fault> faults(WrittenProperties written) {
        List<InvalidKafkaPropertiesException.Fault> faults = new ArrayList<>();
        for (String prefix : WrittenProperties.PREFIXES) {
            boolean ours = prefix.equals("kafka");
            List<String> ignored = new ArrayList<>();
            written.below(prefix).forEach((name, property) -> {
                String path = name.substring(prefix.length() + 1);
                Verdict verdict = verdict(path, prefix);
                if (verdict.fails()) {
                    faults.add(fault(name, property, verdict.reason()));
                } else if (!verdict.reason().isEmpty()) {
                    ignored.add(ours || verdict.isGuess() ? property.name() + " (" + verdict.reason() + ")" : property.name());
                }
            });
            if (!ignored.isEmpty() && ours) {
                logger.warn("These properties are not read: {}", ignored);
            } else if (!ignored.isEmpty()) {
                logger.warn("These properties of spring-kafka have no counterpart here and are not read: {}", ignored);
            }
        }
        return faults;
    }

    private static InvalidKafkaPropertiesException.Fault fault(String name, WrittenProperties.Written property, String reason) {
        return new InvalidKafkaPropertiesException.Fault(property.name(), shown(name, property.value()), property.origin(), reason);
    }

    /**
     * What is thought of a property.
     *
     * @param isGuess whether the reason names what was probably meant
     */
    private record Verdict(boolean fails, String reason, boolean isGuess) {

        static final Verdict READ = new Verdict(false, "", false);
    }

    private static Verdict verdict(String path, String prefix) {
        return verdict(path, prefix, prefix + ".");
    }

    /** The same; {@code before} is what a name begins with that is meant instead. */
    private static Verdict verdict(String path, String prefix, String before) {
        boolean ours = prefix.equals("kafka");
        String[] parts = path.split("\\.", 3);
        String group = parts[0].replaceFirst("\\[.*", "");
        Class<?> type = GROUPS.get(group);
        if (type == null) {
            if (has(KafkaProperties.class, group)) {
                return Verdict.READ;
            }
            return new Verdict(false, ours ? reasonOutsideOfGroups(group, path.substring(group.length())) : "not read", false);
        }
        String property = parts.length == 1 ? "" : parts[1].replaceFirst("\\[.*", "");
        if (type == KafkaProducerProperties.class && property.equals("topics")) {
            return verdictOfATopic(path.substring("producer.topics".length()), ours);
        }
        Class<?> nested = parts.length < 3 || SECURITY_GROUPS.containsValue(type) ? null : SECURITY_GROUPS.get(property);
        if (nested != null && has(type, property)) {
            return verdict(property + "." + parts[2], prefix, prefix + "." + group + ".");
        }
        if (property.isEmpty() || has(type, property)) {
            return Verdict.READ;
        }
        String nearest = NearestName.of(property, properties(type).toList());
        return new Verdict(
                ours, "there is no such property" + (nearest == null ? "" : "; did you mean '" + before + group + "." + nearest + "'?"), nearest != null);
    }

    /** A name without dots is one element; one with dots is in brackets, or its second word would be taken for a property. */
    private static Verdict verdictOfATopic(String rest, boolean ours) {
        Matcher parts = OF_A_TOPIC.matcher(rest);
        if (!parts.matches()) {
            return new Verdict(ours, "it must be kafka.producer.topics[<name>].<property>", false);
        }
        String property = parts.group(1);
        if (has(KafkaProducerTopicProperties.class, property)) {
            return Verdict.READ;
        }
        String nearest = NearestName.of(property, properties(KafkaProducerTopicProperties.class).toList());
        return new Verdict(ours, "there is no such property of a topic" + (nearest == null ? "" : "; did you mean '" + nearest + "'?"), nearest != null);
    }

    /** Empty for what looks like a property of the application's own. */
    private static String reasonOutsideOfGroups(String group, String rest) {
        String planned = NOT_THERE_YET.get(group);
        if (planned != null) {
            return planned;
        }
        String nearest = NearestName.of(group, properties(KafkaProperties.class).toList());
        return nearest == null ? "" : "did you mean 'kafka." + nearest + rest + "'?";
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
        boolean isSecret = SECRET_GROUP.matcher(lower).find() || Stream.of("pass", "secret", "token", "credential", "private", "store-key", "store.key")
                .anyMatch(lower::contains);
        return isSecret ? "****" : value;
    }
}
