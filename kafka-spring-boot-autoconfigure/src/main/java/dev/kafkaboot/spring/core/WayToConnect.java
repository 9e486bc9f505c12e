package dev.kafkaboot.spring.core;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client connects: the part of its configuration that concerns connections, which clients can share if they agree in it.
 *
 * @param settings the values, defaults included, by Kafka's keys
 */
record WayToConnect(Map<String, Object> settings) {

    /**
     * What a configuration says of connections.
     *
     * @param usual where the servers are if the configuration does not say; null if nobody says
     */
    static WayToConnect of(Map<String, ?> config, @Nullable WayToConnect usual) {
        ClientConfig parsed = common(config);
        Map<String, Object> settings = new LinkedHashMap<>();
        for (ConfigKey<?> key : CommonConfig.CONNECTION_KEYS) {
            Object value = parsed.find(key);
            if (value == null && key == CommonConfig.BOOTSTRAP_SERVERS && usual != null) {
                value = usual.settings.get(key.name());
            }
            if (value != null) {
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
