package dev.kafkaboot.client.net;

import dev.kafkaboot.client.HostResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks up the addresses of a host, and for each the name that the name service gives it (KIP-235). Without one it keeps the host's name. */
final class CanonicalNames implements HostResolver {

    private static final Logger log = LoggerFactory.getLogger(CanonicalNames.class);

    private final HostResolver addresses;
    private final Function<InetAddress, String> reverse;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    CanonicalNames(HostResolver addresses) {
        this(addresses, address -> withoutName(address).getCanonicalHostName());
    }

    CanonicalNames(HostResolver addresses, Function<InetAddress, String> reverse) {
        this.addresses = addresses;
        this.reverse = reverse;
    }

    /** One that bears no name yet: the name service is asked for the name of the address itself. */
    private static InetAddress withoutName(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException, InterruptedException {
        List<InetAddress> found = Inet.isLiteral(host) ? HostResolver.SYSTEM.resolve(host) : addresses.resolve(host);
        return found.stream().map(address -> Inet.named(canonical(host, address), address)).toList();
    }

    private String canonical(String host, InetAddress address) {
        String name = reverse.apply(address);
        if (!Inet.isLiteral(name)) {
            return name;
        }
        if (warned.add(host + " " + address.getHostAddress())) {
            log.warn("The name service has no name for {}, an address of the bootstrap server {}, which is used as it is", address.getHostAddress(), host);
        }
        return host;
    }
}
