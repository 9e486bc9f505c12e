package dev.kafkaboot.client.net;

import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.HostPort;
import dev.kafkaboot.client.Node;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code bootstrap.servers}. */
public final class BootstrapServers {

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
            try {
                HostPort address = HostPort.parse(withoutProtocol(entry.strip()));
                nodes.add(new Node(-1 - nodes.size(), address.host(), address.port(), null));
            } catch (IllegalArgumentException wrong) {
                faults.add(fault(entry, String.valueOf(wrong.getMessage())));
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

    private static String withoutProtocol(String entry) {
        int protocol = entry.indexOf("://");
        return protocol < 0 ? entry : entry.substring(protocol + 3);
    }
}
