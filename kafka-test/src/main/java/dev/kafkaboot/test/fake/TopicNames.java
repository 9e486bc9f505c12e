package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What a topic may be called. */
final class TopicNames {

    private static final int LENGTH_MAX = 249;

    private TopicNames() {}

    /** What speaks against a new topic's name, or null. */
    static @Nullable Problem check(String name, Collection<FakeTopic> others) {
        Problem problem = check(name);
        if (problem != null) {
            return problem;
        }
        for (FakeTopic other : others) {
            if (other.name().equals(name)) {
                return new Problem(ErrorCode.TOPIC_ALREADY_EXISTS, "There is a topic '" + name + "' already");
            }
            if (metricName(other.name()).equals(metricName(name))) {
                return invalid("The names '" + name + "' and '" + other.name() + "' would be the same in metrics");
            }
        }
        return null;
    }

    /** What speaks against any topic's being called so, or null. */
    static @Nullable Problem check(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            return invalid("A topic cannot be called '" + name + "'");
        }
        if (name.length() > LENGTH_MAX) {
            return invalid("A topic's name has at most " + LENGTH_MAX + " characters, and not " + name.length());
        }
        if (!name.chars().allMatch(TopicNames::isAllowed)) {
            return invalid("The name '" + name + "' has characters other than ASCII letters, digits, '.', '_' and '-'");
        }
        return null;
    }

    private static boolean isAllowed(int character) {
        return character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z' || character >= '0' && character <= '9'
                || character == '.' || character == '_' || character == '-';
    }

    /** In the names of metrics dots become underscores. */
    private static String metricName(String name) {
        return name.replace('.', '_');
    }

    private static Problem invalid(String message) {
        return new Problem(ErrorCode.INVALID_TOPIC_EXCEPTION, message);
    }
}
