package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.HostPort;
import dev.kafkaboot.client.net.Inet;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Hosts that are reached without the proxy ({@code proxy.bypass}), by the rules that are usual for {@code NO_PROXY}. No name is looked up for it. */
final class Bypass {

    private final List<Entry> entries;

    private Bypass(List<Entry> entries) {
        this.entries = entries;
    }

    /** One entry; {@code port} is 0 for any. */
    private record Entry(Hosts hosts, int port) {}

    @FunctionalInterface
    private interface Hosts {

        /** Whether a host is meant: its name in lower case, and its address if it is one. */
        boolean include(String name, @Nullable InetAddress literal);
    }

    /**
     * Reads the entries.
     *
     * @throws IllegalArgumentException if one is of another form; the message says which
     */
    static Bypass parse(List<String> entries) {
        return new Bypass(entries.stream().map(Bypass::entry).toList());
    }

    private static Entry entry(String text) {
        try {
            boolean bracketed = text.startsWith("[");
            int colon = text.lastIndexOf(':');
            boolean hasPort = bracketed ? colon > text.lastIndexOf(']') : colon >= 0 && colon == text.indexOf(':');
            String host = hasPort ? text.substring(0, colon) : text;
            int port = hasPort ? new HostPort("any", HostPort.port(text.substring(colon + 1))).port() : 0;
            return new Entry(hosts((bracketed ? HostPort.host(host) : host).toLowerCase(Locale.ROOT)), port);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("'" + text + "' is neither a host, a domain, an address nor a network like 10.0.0.0/8, each alone or with a port", wrong);
        }
    }

    private static Hosts hosts(String text) {
        if (text.equals("*")) {
            return (name, literal) -> true;
        }
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return network(Inet.literal(text.substring(0, slash)), HostPort.port(text.substring(slash + 1)));
        }
        InetAddress address = Inet.literal(text);
        if (address != null) {
            return (name, literal) -> address.equals(literal);
        }
        if (text.equals("localhost")) {
            return (name, literal) -> name.equals(text) || name.endsWith(".localhost") || literal != null && literal.isLoopbackAddress();
        }
        return domain(text.startsWith("*.") ? text.substring(1) : text);
    }

    private static Hosts domain(String text) {
        String domain = new HostPort(withoutDot(text), 1).host();
        return domain.startsWith(".")
                ? (name, literal) -> literal == null && name.endsWith(domain)
                : (name, literal) -> literal == null && (name.equals(domain) || name.endsWith("." + domain));
    }

    private static Hosts network(@Nullable InetAddress network, int bits) {
        if (network == null || bits > network.getAddress().length * Byte.SIZE) {
            throw new IllegalArgumentException("no network");
        }
        byte[] prefix = network.getAddress();
        return (name, literal) -> literal != null && begins(literal.getAddress(), prefix, bits);
    }

    private static boolean begins(byte[] address, byte[] prefix, int bits) {
        if (address.length != prefix.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >>> i % Byte.SIZE;
            if (((address[i / Byte.SIZE] ^ prefix[i / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** A dot at the end of a name says that it is whole; it is the same name. */
    private static String withoutDot(String name) {
        return name.endsWith(".") && name.length() > 1 ? name.substring(0, name.length() - 1) : name;
    }

    /** Whether a host is reached without the proxy. */
    boolean matches(String host, int port) {
        if (entries.isEmpty()) {
            return false;
        }
        String name = withoutDot(host.toLowerCase(Locale.ROOT));
        InetAddress literal = Inet.literal(host);
        return entries.stream().anyMatch(entry -> (entry.port == 0 || entry.port == port) && entry.hosts.include(name, literal));
    }
}
