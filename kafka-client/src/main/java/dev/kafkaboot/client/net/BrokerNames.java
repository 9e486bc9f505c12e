package dev.kafkaboot.client.net;

import dev.kafkaboot.client.AddressMap;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.DnsLookup;
import dev.kafkaboot.client.HostPort;
import dev.kafkaboot.client.HostResolver;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.ProxyConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** How the name under which a broker is known becomes addresses. Immutable; one for all connections of a client. */
public final class BrokerNames {

    /** Brokers are where they say, and the system's name service knows their addresses. */
    public static final BrokerNames PLAIN = new BrokerNames(AddressMap.NONE, HostResolver.SYSTEM, DnsLookup.USE_ALL_DNS_IPS);

    private final AddressMap map;
    private final HostResolver resolver;
    private final @Nullable HostResolver canonical;

    BrokerNames(AddressMap map, HostResolver resolver, DnsLookup lookup) {
        this(map, resolver, switch (lookup) {
            case USE_ALL_DNS_IPS -> null;
            case RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY -> new CanonicalNames(checking(resolver));
        });
    }

    /** With one's own names for the addresses of bootstrap servers; null if they are called as they are configured. */
    BrokerNames(AddressMap map, HostResolver resolver, @Nullable HostResolver canonical) {
        this.map = map;
        this.resolver = checking(resolver);
        this.canonical = canonical;
    }

    /**
     * As the configuration has it.
     *
     * @throws ConfigException if it asks for canonical names beside an address map or a bypass of the proxy, which go by the names that are configured; it tells
     *     of both
     */
    public static BrokerNames of(ClientConfig config) {
        AddressMap map = config.find(ProxyConfig.ADDRESS_MAP);
        if (config.get(ProxyConfig.CLIENT_DNS_LOOKUP) == DnsLookup.RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY) {
            List<ConfigException.Fault> faults = new ArrayList<>();
            if (map != null) {
                faults.add(refusedBeside(ProxyConfig.ADDRESS_MAP));
            }
            List<String> bypass = config.find(ProxyConfig.PROXY_BYPASS);
            if (config.find(ProxyConfig.PROXY_URL) != null && bypass != null && !bypass.isEmpty()) {
                faults.add(refusedBeside(ProxyConfig.PROXY_BYPASS));
            }
            if (!faults.isEmpty()) {
                throw new ConfigException(faults);
            }
        }
        HostResolver resolver = config.find(ProxyConfig.HOST_RESOLVER);
        return new BrokerNames(
                map == null ? AddressMap.NONE : map, resolver == null ? HostResolver.SYSTEM : resolver, config.get(ProxyConfig.CLIENT_DNS_LOOKUP));
    }

    private static ConfigException.Fault refusedBeside(ConfigKey<?> other) {
        return new ConfigException.Fault(ProxyConfig.CLIENT_DNS_LOOKUP.name(), "resolve_canonical_bootstrap_servers_only",
                "it does not go together with " + other.name() + ", which goes by the names that are configured and not by canonical ones");
    }

    private static HostResolver checking(HostResolver resolver) {
        return resolver.equals(HostResolver.SYSTEM) ? resolver : host -> checked(host, resolver.resolve(host));
    }

    private static List<InetAddress> checked(String host, @Nullable List<InetAddress> addresses) throws UnknownHostException {
        if (addresses == null || addresses.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return addresses.stream().map(address -> Inet.named(host, address)).toList();
    }

    /** Where a broker is reached: where it says, or where the address map says. */
    HostPort reach(Node node) {
        HostPort advertised = new HostPort(node.host(), node.port());
        HostPort reachable = map.reach(advertised);
        return reachable == null ? advertised : reachable;
    }

    /** Whether a broker is called by the canonical name of each of its addresses. */
    boolean isCanonical(Node node) {
        return canonical != null && node.id() < 0;
    }

    /** Looks up a host as {@link EventLoop#resolve(String)} does; the addresses bear its name. */
    public CompletableFuture<List<InetAddress>> lookUp(EventLoop loop, String host) {
        return resolver.equals(HostResolver.SYSTEM) || Inet.isLiteral(host) ? loop.resolve(host) : loop.resolve(resolver, host);
    }

    /** Looks up a bootstrap server; each address bears its canonical name. */
    CompletableFuture<List<InetAddress>> lookUpCanonical(EventLoop loop, String host) {
        return canonical == null ? lookUp(loop, host) : loop.resolve(canonical, host);
    }
}
