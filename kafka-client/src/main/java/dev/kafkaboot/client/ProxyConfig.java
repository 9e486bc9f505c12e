package dev.kafkaboot.client;

import dev.kafkaboot.client.proxy.ProxyProtocol;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration keys of proxies and the name service, which count where a broker is not reached directly under the name that it advertises. */
public final class ProxyConfig {

    /** The proxy that connections lead through. */
    public static final ConfigKey<Secret> PROXY_URL = ConfigKey.secret(
            "proxy.url",
            "Proxy that connections to brokers lead through, as scheme://user:password@host:port; user and password are percent-encoded and may be left out. "
                    + "The schemes are socks5 (names are looked up here), socks5h (by the proxy), http (CONNECT; by the proxy) and https (the same, with TLS to "
                    + "the proxy, by the ssl.* settings). Without a port it is 1080, for https 443. HTTP_PROXY and the like are not looked at.");

    /** Hosts that are reached without the proxy. */
    public static final ConfigKey<List<String>> PROXY_BYPASS = ConfigKey.list(
            "proxy.bypass", null,
            "Hosts that are reached without the proxy, as in NO_PROXY: example.com (it and all below), .example.com (all below), 10.1.2.3, 10.0.0.0/8, fd00::/8, "
                    + "localhost, * (all), each also with a port, as in example.com:9092 and [::1]:9092. A name is not looked up for it.");

    /** Further kinds of proxies. */
    public static final ConfigKey<List<ProxyProtocol>> PROXY_PROTOCOLS = ConfigKey.custom(
            "proxy.protocols", "list of ProxyProtocol", null,
            "it must be given as an object, a " + ProxyProtocol.class.getName() + " or several", ProxyConfig::protocols,
            "Ways to speak to a proxy beside those that are built in, each for a scheme of proxy.url.");

    /** Where brokers are reached. */
    public static final ConfigKey<AddressMap> ADDRESS_MAP = ConfigKey.custom(
            "address.map", "map", null,
            "it must be advertised=reachable, separated by commas, each side as host:port or host:*, as in b1:9092=127.0.0.1:19092", AddressTable::parse,
            "Where brokers are reached that are not where they say they are, as in b1:9092=127.0.0.1:19092, or b1:*=10.0.0.1:* for every port. "
                    + "Certificates and SASL are still checked against the advertised name. May be given as an AddressMap.");

    /** What the name service is asked for. */
    public static final ConfigKey<DnsLookup> CLIENT_DNS_LOOKUP = ConfigKey.choice(
            "client.dns.lookup", DnsLookup.USE_ALL_DNS_IPS, lookups(),
            "How names become addresses: all addresses of a name are tried in turn, afresh for each connection (KIP-602); or, beyond that, the name of a bootstrap "
                    + "server is replaced by the canonical names of its addresses, for certificates and Kerberos (KIP-235).");

    /** One's own name service. */
    public static final ConfigKey<HostResolver> HOST_RESOLVER = ConfigKey.object(
            "host.resolver", HostResolver.class, "Looks up the addresses of brokers and of the proxy in place of the system's name service; it may block.");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS =
            List.of(PROXY_URL, PROXY_BYPASS, PROXY_PROTOCOLS, ADDRESS_MAP, CLIENT_DNS_LOOKUP, HOST_RESOLVER);

    private ProxyConfig() {}

    private static Map<String, DnsLookup> lookups() {
        Map<String, DnsLookup> byName = new LinkedHashMap<>();
        for (DnsLookup lookup : DnsLookup.values()) {
            byName.put(lookup.name().toLowerCase(Locale.ROOT), lookup);
        }
        return byName;
    }

    private static @Nullable List<ProxyProtocol> protocols(Object given) {
        Collection<?> all = given instanceof Collection<?> several ? several : List.of(given);
        return all.stream().allMatch(ProxyProtocol.class::isInstance) ? all.stream().map(ProxyProtocol.class::cast).toList() : null;
    }
}
