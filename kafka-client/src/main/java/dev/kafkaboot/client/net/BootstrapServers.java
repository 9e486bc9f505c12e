package dev.kafkaboot.client.net;

import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code bootstrap.servers}. */
public final class BootstrapServers {

    private static final int PORT_MAX = 65_535;

    private BootstrapServers() {}

    /**
     * The addresses as nodes with negative ids: -1, -2, and so on.
     *
     * <p>An entry is {@code host:port}; an IPv6 address is in brackets; a leading {@code PLAINTEXT://} or the like is allowed.
     *
     * @throws ConfigException if there is no entry, or an entry is not of that form; it names all that are not
     */
    public static List<Node> parse(List<String> entries) {
        List<Node> nodes = new ArrayList<>();
        List<ConfigException.Fault> faults = new ArrayList<>();
        for (String entry : entries) {
            Node node = parse(entry.strip(), -1 - nodes.size());
            if (node == null) {
                faults.add(fault(entry, "it must be host:port, with an IPv6 address in brackets, as in [::1]:9092"));
            } else if (node.port() < 1 || node.port() > PORT_MAX) {
                faults.add(fault(entry, "the port must be from 1 to " + PORT_MAX));
            } else {
                nodes.add(node);
            }
        }
        if (entries.isEmpty()) {
            faults.add(fault("", "at least one broker must be given as host:port"));
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return List.copyOf(nodes);
    }

    private static ConfigException.Fault fault(String entry, String expected) {
        return new ConfigException.Fault(CommonConfig.BOOTSTRAP_SERVERS.name(), entry, expected);
    }

    private static @Nullable Node parse(String entry, int id) {
        int scheme = entry.indexOf("://");
        String address = scheme < 0 ? entry : entry.substring(scheme + 3);
        int colon = address.lastIndexOf(':');
        if (colon <= 0 || colon == address.length() - 1) {
            return null;
        }
        String host = address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || host.indexOf(':') >= 0 != bracketed || !host.chars().allMatch(BootstrapServers::mayBeInHost)) {
            return null;
        }
        String port = address.substring(colon + 1);
        if (port.length() > 9 || !port.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return null;
        }
        return new Node(id, host, Integer.parseInt(port), null);
    }

    private static boolean mayBeInHost(int character) {
        return Character.isLetterOrDigit(character) || character == '.' || character == '-' || character == '_' || character == ':' || character == '%';
    }
}
