package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.DnsLookup;
import dev.kafkaboot.client.ProxyConfig;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.BrokerNames;
import dev.kafkaboot.client.net.TransportFactory;
import dev.kafkaboot.client.net.tls.TlsTransports;
import dev.kafkaboot.client.proxy.ProxyProtocol;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Leads connections through a proxy. */
public final class ProxyTransports {

    private ProxyTransports() {}

    /**
     * The way to brokers as the configuration has it: through a proxy, or as it is below.
     *
     * @param below opens connections to the proxy, and to hosts that are reached without it
     * @throws ConfigException if what the configuration says of the proxy cannot be used; it shows nothing of the credentials
     */
    public static TransportFactory of(ClientConfig config, TransportFactory below) {
        Bypass bypass = bypass(config);
        Secret given = config.find(ProxyConfig.PROXY_URL);
        if (given == null) {
            return below;
        }
        ProxyUrl url = url(given.reveal(), protocols(config));
        if (url.protocol().resolvesNames() && config.get(ProxyConfig.CLIENT_DNS_LOOKUP) != DnsLookup.USE_ALL_DNS_IPS) {
            throw new ConfigException(ProxyConfig.CLIENT_DNS_LOOKUP.name(), "resolve_canonical_bootstrap_servers_only",
                    "a " + url.protocol().scheme() + " proxy looks up the names itself; canonical names are to be had directly or through a socks5 proxy");
        }
        TransportFactory toProxy = url.protocol().isEncrypted() ? TlsTransports.toProxy(config, below) : below;
        return new ProxiedTransports(url, bypass, BrokerNames.of(config), toProxy, below);
    }

    private static Map<String, ProxyProtocol> protocols(ClientConfig config) {
        Map<String, ProxyProtocol> byScheme = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (ProxyProtocol builtIn : List.of(Socks5.CLIENT_RESOLVES, Socks5.PROXY_RESOLVES, HttpConnect.PLAIN, HttpConnect.OVER_TLS)) {
            byScheme.put(builtIn.scheme(), builtIn);
        }
        List<ProxyProtocol> further = config.find(ProxyConfig.PROXY_PROTOCOLS);
        if (further != null) {
            further.forEach(protocol -> byScheme.put(protocol.scheme(), protocol));
        }
        return byScheme;
    }

    private static ProxyUrl url(String given, Map<String, ProxyProtocol> protocols) {
        try {
            return ProxyUrl.parse(given, protocols);
        } catch (IllegalArgumentException wrong) {
            throw new ConfigException(ProxyConfig.PROXY_URL.name(), ProxyUrl.withoutCredentials(given), String.valueOf(wrong.getMessage()));
        }
    }

    private static Bypass bypass(ClientConfig config) {
        List<String> given = config.find(ProxyConfig.PROXY_BYPASS);
        List<String> entries = given == null ? List.of() : given;
        try {
            return Bypass.parse(entries);
        } catch (IllegalArgumentException wrong) {
            throw new ConfigException(ProxyConfig.PROXY_BYPASS.name(), String.join(",", entries), String.valueOf(wrong.getMessage()));
        }
    }
}
