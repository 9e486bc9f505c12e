package dev.kafkaboot.client.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Topics by what they are called: those whose whole names match an expression, without those that are left out. It is asked by the consumer about every topic
 * that the user may see, so it works with any broker. Immutable.
 *
 * <pre>{@code
 * consumer.subscribe(TopicPattern.of(Pattern.compile("orders-.*")).excluding(Pattern.compile(".*-test")), listener);
 * }</pre>
 *
 * @see SubscriptionPattern
 */
public final class TopicPattern {

    private final Pattern pattern;
    private final List<Predicate<String>> excluded;

    private TopicPattern(Pattern pattern, List<Predicate<String>> excluded) {
        this.pattern = pattern;
        this.excluded = excluded;
    }

    /** The topics whose whole names match. */
    public static TopicPattern of(Pattern pattern) {
        return new TopicPattern(Objects.requireNonNull(pattern, "pattern"), List.of());
    }

    /** The same without those whose whole names match another expression. */
    public TopicPattern excluding(Pattern others) {
        return excluding(others.asMatchPredicate());
    }

    /**
     * The same without those that a predicate is true of.
     *
     * @param others is asked on the event loop, so it must be quick; what it throws is logged, and leaves the topic out
     */
    public TopicPattern excluding(Predicate<String> others) {
        List<Predicate<String>> all = new ArrayList<>(excluded);
        all.add(Objects.requireNonNull(others, "others"));
        return new TopicPattern(pattern, List.copyOf(all));
    }

    /** Whether a topic is one of them. */
    public boolean matches(String topic) {
        return pattern.matcher(topic).matches() && excluded.stream().noneMatch(each -> each.test(topic));
    }

    /** The expression, and whether something is left out. */
    @Override
    public String toString() {
        return "/" + pattern + "/" + (excluded.isEmpty() ? "" : " without " + excluded.size() + " exclusion" + (excluded.size() == 1 ? "" : "s"));
    }
}
