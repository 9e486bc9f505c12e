package dev.kafkaboot.client.net;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which addresses of one host did not work, so that the next connection does not begin with them. An address that takes connections and does no more would
 * else be tried first, and alone, for ever (KAFKA-12193). On the loop only.
 */
public final class AddressHistory {

    private final Set<InetAddress> failed = new LinkedHashSet<>(); // the one that failed last is last

    /** In which order to try addresses: those that did not fail as they are given, then the others, the one that failed last at the end. */
    public List<InetAddress> order(List<InetAddress> addresses) {
        failed.retainAll(Set.copyOf(addresses));
        List<InetAddress> ordered = new ArrayList<>(addresses);
        ordered.removeAll(failed);
        ordered.addAll(failed.stream().map(address -> addresses.get(addresses.indexOf(address))).toList());
        return ordered;
    }

    /** An address did not work. */
    public void failed(InetAddress address) {
        failed.remove(address);
        failed.add(address);
    }

    /** An address works. */
    public void worked(InetAddress address) {
        failed.remove(address);
    }
}
