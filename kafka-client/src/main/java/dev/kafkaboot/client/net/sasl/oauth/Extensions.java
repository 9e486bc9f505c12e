package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.security.OAuthToken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The extensions that the configuration adds to each token (KIP-342). */
final class Extensions {

    private static final String OPTION_PREFIX = "extension_";

    private Extensions() {}

    /** Those of the key, or those of the options of {@code sasl.jaas.config} if the key has none; the latter in the order of their names. */
    static Map<String, String> of(ClientConfig config, Map<String, String> jaasOptions) {
        List<String> given = config.get(OAuthConfig.EXTENSIONS);
        Map<String, String> extensions = new LinkedHashMap<>();
        for (String pair : given) {
            int equals = pair.indexOf('=');
            if (equals < 0 || extensions.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                throw new ConfigException(OAuthConfig.EXTENSIONS.name(), pair, "each must be name=value, and each name given once");
            }
        }
        if (given.isEmpty()) {
            new TreeMap<>(jaasOptions).forEach((option, value) -> {
                if (option.startsWith(OPTION_PREFIX)) {
                    extensions.put(option.substring(OPTION_PREFIX.length()), value);
                }
            });
        }
        try {
            OAuthToken.of("checked", null).withExtensions(extensions);
        } catch (IllegalArgumentException refused) {
            throw new ConfigException(OAuthConfig.EXTENSIONS.name(), String.join(",", extensions.keySet()), String.valueOf(refused.getMessage()));
        }
        return extensions;
    }
}
