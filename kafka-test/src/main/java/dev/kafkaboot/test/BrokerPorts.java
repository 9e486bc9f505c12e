package dev.kafkaboot.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ports of a broker, chosen for as long as its cluster lives.
 *
 * <p>They are taken from below the range that the operating system uses for outgoing connections. A port from inside that range
 * could be given to somebody's outgoing connection while the broker is stopped; and a client that keeps trying to reach a
 * stopped broker on such a port may, by chance, connect to itself.
 */
record BrokerPorts(int client, int controller, Map<String, Integer> further) {

    private static final int LOWEST = 10_240;
    private static final int HIGHEST_ELSEWHERE = 32_000;
    private static final int ATTEMPTS = 1_000;
    private static final Path EPHEMERAL_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    /** The ports of a broker that has no further listeners. */
    BrokerPorts(int client, int controller) {
        this(client, controller, Map.of());
    }

    /** Chooses two ports that nobody listens on and that are not in {@code taken}, and adds them to it. */
    static BrokerPorts choose(Set<Integer> taken) {
        return new BrokerPorts(chooseOne(taken), chooseOne(taken));
    }

    /** These, and a port for each of some listeners. */
    BrokerPorts with(Collection<String> listeners, Set<Integer> taken) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        listeners.forEach(name -> ports.put(name, chooseOne(taken)));
        return new BrokerPorts(client, controller, ports);
    }

    /** Chooses a port that nobody listens on and that is not in {@code taken}, and adds it to it. */
    static int chooseOne(Set<Integer> taken) {
        int end = firstEphemeralPort();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = end > LOWEST + ATTEMPTS ? ThreadLocalRandom.current().nextInt(LOWEST, end) : 0;
            try (ServerSocketChannel listener = ServerSocketChannel.open()) {
                int bound = listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).socket().getLocalPort();
                if (taken.add(bound)) {
                    return bound;
                }
            } catch (IOException inUse) {
                // Try another.
            }
        }
        throw new RealKafkaException("found no free port on " + InetAddress.getLoopbackAddress());
    }

    private static int firstEphemeralPort() {
        // This file gives its content to the first read alone, so that read must be long enough.
        try (BufferedReader range = Files.newBufferedReader(EPHEMERAL_RANGE)) {
            return Integer.parseInt(String.valueOf(range.readLine()).trim().split("\\s+", -1)[0]);
        } catch (IOException | NumberFormatException notLinux) {
            return HIGHEST_ELSEWHERE;
        }
    }
}
