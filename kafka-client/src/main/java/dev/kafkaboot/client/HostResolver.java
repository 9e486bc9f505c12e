package dev.kafkaboot.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Looks up the addresses of hosts, in place of the system's name service. It is asked anew for each connection; addresses that are given as such are not looked
 * up. Called on threads of its own, several at a time, so it may block: a look-up that hangs delays no other name.
 */
@FunctionalInterface
public interface HostResolver {

    /** The system's name service, as {@link InetAddress#getAllByName} asks it. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * The addresses of a host.
     *
     * @return at least one, in the order in which they are to be tried
     * @throws UnknownHostException if there is none; the message says why
     * @throws InterruptedException if the client is closed meanwhile
     */
    List<InetAddress> resolve(String host) throws UnknownHostException, InterruptedException;
}
