package dev.kafkaboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The properties by which an application asks for TLS or SASL, which are not there yet.
 *
 * <p>One that is not honoured would mean that secrets and records go over the wire in plain text. So they are looked for by name in every source, the
 * environment and the system properties included, and fail the start, unless they ask for nothing.
 */
final class SecurityNames {

    /** Why they are refused. */
    static final String REASON = "TLS and SASL are not there yet: only brokers that speak plain text can be used";

    private static final Set<String> GROUPS = Set.of("security", "ssl", "jaas");
    private static final List<String> SCOPES = List.of("", "producer.", "consumer.", "admin.");
    private static final List<String> OF_EACH_SCOPE = List.of(
            "security.protocol", "ssl.bundle", "ssl.key-password", "ssl.key-store-certificate-chain", "ssl.key-store-key", "ssl.key-store-location",
            "ssl.key-store-password", "ssl.key-store-type", "ssl.protocol", "ssl.trust-store-certificates", "ssl.trust-store-location",
            "ssl.trust-store-password", "ssl.trust-store-type");

    private SecurityNames() {}

    /** The properties, without their prefix. */
    static List<String> all() {
        List<String> names = new ArrayList<>(List.of("jaas.enabled", "jaas.login-module"));
        SCOPES.forEach(scope -> OF_EACH_SCOPE.forEach(name -> names.add(scope + name)));
        return names;
    }

    /** Whether a property, without its prefix, is one of these, or in one of their groups. */
    static boolean isOne(String path) {
        String withoutScope = SCOPES.stream().filter(scope -> !scope.isEmpty() && path.startsWith(scope)).findFirst()
                .map(scope -> path.substring(scope.length())).orElse(path);
        return GROUPS.contains(withoutScope.split("\\.", 2)[0]);
    }

    /** Whether one of Kafka's own keys is about security. */
    static boolean isKey(String key) {
        return Stream.of("security.", "ssl.", "sasl.").anyMatch(key::startsWith);
    }

    /** Whether a value of one of the properties asks for what there is. */
    static boolean asksForNothing(String path, String value) {
        return path.endsWith("security.protocol") && value.strip().equalsIgnoreCase("PLAINTEXT")
                || path.equals("jaas.enabled") && value.strip().equalsIgnoreCase("false");
    }
}
