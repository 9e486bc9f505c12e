package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.net.Inet;
import dev.kafkaboot.client.proxy.ProxyException;
import dev.kafkaboot.client.proxy.ProxyTarget;
import java.net.IDN;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Brokers as proxies are told of them. Brokers advertise names of each other, and what is in these must not become a header of a request to the proxy, so only
 * what can be in a name is let through.
 */
final class ProxyTargets {

    private ProxyTargets() {}

    /** A broker: by its address if that is known, else by its name, as the name service writes it. */
    static ProxyTarget of(InetSocketAddress broker) throws ProxyException {
        InetAddress address = broker.isUnresolved() ? Inet.literal(broker.getHostString()) : broker.getAddress();
        if (address != null) {
            String text = address.getHostAddress();
            int zone = text.indexOf('%'); // it says which of this machine's interfaces, and means nothing elsewhere
            return new ProxyTarget(zone < 0 ? text : text.substring(0, zone), address, broker.getPort());
        }
        return new ProxyTarget(ascii(broker.getHostString()), null, broker.getPort());
    }

    private static String ascii(String name) throws ProxyException {
        try {
            String ascii = IDN.toASCII(name);
            if (!ascii.isEmpty() && ascii.chars().allMatch(ProxyTargets::mayBeInName)) {
                return ascii;
            }
        } catch (IllegalArgumentException malformed) {
            // told below
        }
        throw new ProxyException("cannot be asked for it: this is no host's name: '" + Words.of(name) + "'");
    }

    private static boolean mayBeInName(int character) {
        return character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z' || character >= '0' && character <= '9'
                || ".-_".indexOf(character) >= 0;
    }
}
