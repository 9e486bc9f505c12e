package dev.kafkaboot.test.fake;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of topic names, as a broker takes it. A real broker reads it as RE2 does, which knows no looking around and no references back;
 * otherwise Java's syntax says the same for what topics are called.
 */
final class TopicRegex {

    private static final Pattern BEYOND_RE2 = Pattern.compile("\\(\\?[=!]|\\(\\?<[=!]|\\(\\?>|\\\\[1-9]|[*+?}]\\+");

    private final Pattern pattern;

    private TopicRegex(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Whether an expression would be accepted. */
    static boolean isValid(String expression) {
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException invalid) {
            return false;
        }
        return !BEYOND_RE2.matcher(expression).find();
    }

    static TopicRegex of(String expression) {
        return new TopicRegex(Pattern.compile(expression));
    }

    /** Whether the whole name is matched. */
    boolean matches(String topic) {
        return pattern.matcher(topic).matches();
    }
}
