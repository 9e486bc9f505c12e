package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * A broker as the cluster's metadata names it.
 *
 * @param id the broker's id
 * @param host the advertised host
 * @param port the advertised port
 * @param rack the broker's rack, or null if it has none
 */
public record Node(int id, String host, int port, @Nullable String rack) {

    /** The address as {@code host:port}; an IPv6 literal is bracketed. */
    public String address() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The form used in logs and errors: {@code 2 (b2:9092)}. */
    @Override
    public String toString() {
        return id + " (" + address() + ")";
    }
}
