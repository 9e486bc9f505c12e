package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import java.util.HashMap;
import java.util.Map;

/** Configurations for the tests of TLS. */
final class Configured {

    private Configured() {}

    /** One whose protocol is SSL, and some values. */
    static ClientConfig with(Map<String, ?> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.putIfAbsent("security.protocol", "SSL");
        return ClientConfig.of(CommonConfig.KEYS, all);
    }
}
