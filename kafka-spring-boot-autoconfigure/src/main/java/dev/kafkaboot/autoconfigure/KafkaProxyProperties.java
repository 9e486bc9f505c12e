package dev.kafkaboot.autoconfigure;

import org.jspecify.annotations.Nullable;

/** The {@code kafka.proxy.*} properties. */
public class KafkaProxyProperties {

    /** Proxy that brokers are reached through: socks5, socks5h, http or https, as in socks5h://user:password@proxy:1080. */
    private @Nullable String url;

    public @Nullable String getUrl() {
        return url;
    }

    public void setUrl(@Nullable String url) {
        this.url = url;
    }
}
