package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a client connects: the part of its configuration that concerns connections, which clients can share if they agree in it.
 *
 * @param settings the values, defaults included, by Kafka's keys
 */
record WayToConnect(Map<String, Object> settings) {

    /** The common keys that mean something to a client even where its connections are shared. */
    private static final Set<ConfigKey<?>> OWN_TO_EACH_CLIENT = Set.of(
            CommonConfig.CLIENT_ID, CommonConfig.CLIENT_RACK, CommonConfig.DEFAULT_API_TIMEOUT, CommonConfig.REQUEST_TIMEOUT,
            CommonConfig.RETRY_BACKOFF, CommonConfig.RETRY_BACKOFF_MAX);

    /**
     * What a configuration says of connections.
     *
     * @param usual where the servers are if the configuration does not say; null if nobody says
     */
    static WayToConnect of(Map<String, ?> config, @Nullable WayToConnect usual) {
        ClientConfig parsed = common(config);
        Map<String, Object> settings = new LinkedHashMap<>();
        for (ConfigKey<?> key : CommonConfig.KEYS) {
            Object value = parsed.find(key);
            if (value == null && key == CommonConfig.BOOTSTRAP_SERVERS && usual != null) {
                value = usual.settings.get(key.name());
            }
            if (value != null && !OWN_TO_EACH_CLIENT.contains(key)) {
                settings.put(key.name(), value);
            }
        }
        return new WayToConnect(settings);
    }

    /** The keys that all clients have. */
    static ClientConfig common(Map<String, ?> config) {
        Map<String, Object> common = new LinkedHashMap<>();
        CommonConfig.KEYS.forEach(key -> {
            Object value = config.get(key.name());
            if (value != null) {
                common.put(key.name(), value);
            }
        });
        return ClientConfig.of(CommonConfig.KEYS, common);
    }
}
