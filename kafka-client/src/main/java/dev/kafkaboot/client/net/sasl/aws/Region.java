package dev.kafkaboot.client.net.sasl.aws;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells the region of a broker. */
final class Region {

    private static final Pattern BROKER = Pattern.compile("\\.kafka(?:-serverless)?\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?\\.?$");

    private final @Nullable String configured;
    private final Surroundings surroundings;

    Region(@Nullable String configured, Surroundings surroundings) {
        this.configured = configured;
        this.surroundings = surroundings;
    }

    /** The region as it is configured, or as the broker's name tells it, or as the environment does; or null. */
    @Nullable String of(String host) {
        if (configured != null) {
            return configured;
        }
        Matcher name = BROKER.matcher(host.toLowerCase(Locale.ROOT));
        return name.find() ? name.group(1) : ofEnvironment();
    }

    /** The region as it is configured, or as the environment tells it; or null. */
    @Nullable String own() {
        return configured == null ? ofEnvironment() : configured;
    }

    private @Nullable String ofEnvironment() {
        String property = surroundings.property("aws.region");
        String variable = property == null ? surroundings.variable("AWS_REGION") : property;
        return variable == null ? surroundings.variable("AWS_DEFAULT_REGION") : variable;
    }
}
