package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The configuration of what is wanted of clients' metrics (KIP-714). */
final class TelemetryConfigs {

    static final String METRICS = "metrics";
    static final String INTERVAL = "interval.ms";
    static final String MATCH = "match";

    /** In the place of names, every metric there is. */
    static final String EVERYTHING = "*";

    private static final int SHORTEST_MILLIS = 100;
    private static final int LONGEST_MILLIS = 60 * 60 * 1000;

    private static final Set<String> FACTS = Set.of(
            "client_instance_id", "client_id", "client_software_name", "client_software_version", "client_source_address", "client_source_port");

    private TelemetryConfigs() {}

    /** What is wrong with a subscription, or null. */
    static @Nullable Problem check(Map<String, @Nullable String> configs) {
        for (Map.Entry<String, @Nullable String> config : configs.entrySet()) {
            String value = config.getValue() == null ? "" : config.getValue();
            Problem problem = switch (config.getKey()) {
                case METRICS -> null;
                case INTERVAL -> interval(value);
                case MATCH -> match(value);
                default -> wrong("Unknown client metrics configuration: " + config.getKey());
            };
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static @Nullable Problem interval(String value) {
        boolean isNumber = value.matches("[0-9]{1,9}");
        int millis = isNumber ? Integer.parseInt(value) : -1;
        return millis < SHORTEST_MILLIS || millis > LONGEST_MILLIS
                ? wrong("The interval '" + value + "' is not between " + SHORTEST_MILLIS + " and " + LONGEST_MILLIS + " ms")
                : null;
    }

    private static @Nullable Problem match(String value) {
        for (String entry : entries(value)) {
            int equals = entry.indexOf('=');
            if (equals < 0 || !FACTS.contains(entry.substring(0, equals).strip())) {
                return wrong("The match '" + entry + "' is not of the form fact=expression, with a fact of " + FACTS);
            }
            try {
                Pattern.compile(entry.substring(equals + 1).strip());
            } catch (PatternSyntaxException wrong) {
                return wrong("The match '" + entry + "' is no regular expression");
            }
        }
        return null;
    }

    private static Problem wrong(String message) {
        return new Problem(ErrorCode.INVALID_CONFIG, message);
    }

    /** Whether a subscription concerns a client: whether each expression matches the whole of its fact. */
    static boolean matches(Map<String, String> subscription, Map<String, String> facts) {
        for (String entry : entries(subscription.getOrDefault(MATCH, ""))) {
            int equals = entry.indexOf('=');
            String fact = facts.getOrDefault(entry.substring(0, equals).strip(), "");
            if (!Pattern.matches(entry.substring(equals + 1).strip(), fact)) {
                return false;
            }
        }
        return true;
    }

    private static String[] entries(String match) {
        return match.isBlank() ? new String[0] : match.split(",", -1);
    }
}
