package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.ProxyConfig;
import dev.kafkaboot.client.SaslConfig;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.SecurityProtocol;
import dev.kafkaboot.client.SslConfig;
import dev.kafkaboot.client.net.Authenticator;
import dev.kafkaboot.client.net.BrokerNames;
import dev.kafkaboot.client.net.ConnectionSettings;
import dev.kafkaboot.client.net.TransportFactory;
import dev.kafkaboot.client.net.proxy.ProxyTransports;
import dev.kafkaboot.client.net.sasl.SaslAuthenticators;
import dev.kafkaboot.client.net.tls.TlsTransports;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What lies between the socket and Kafka's protocol: a proxy at the bottom, TLS above it, and SASL on top. */
final class ConnectionLayers {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLayers.class);

    private final ClientConfig config;
    private final List<ConfigException.Fault> faults = new ArrayList<>();

    private ConnectionLayers(ClientConfig config) {
        this.config = config;
    }

    /**
     * Connections as the configuration has them.
     *
     * @throws ConfigException if what it says of proxies, names, TLS or SASL cannot be used; it tells all faults of all layers
     */
    static ConnectionSettings settings(ClientConfig config) {
        return new ConnectionLayers(config).settings();
    }

    private ConnectionSettings settings() {
        refuseWhatHasNoEffect();
        SecurityProtocol protocol = config.get(CommonConfig.SECURITY_PROTOCOL);
        TransportFactory way = layer(() -> ProxyTransports.of(config, TransportFactory.PLAIN), TransportFactory.PLAIN);
        layer(() -> BrokerNames.of(config), BrokerNames.PLAIN); // made again by the settings, which are not to be the first to refuse
        TransportFactory channels = protocol.usesTls() ? layer(() -> TlsTransports.of(config, way), way) : way;
        Authenticator.Factory authenticators =
                protocol.usesSasl() ? layer(() -> SaslAuthenticators.of(config), Authenticator.Factory.NONE) : Authenticator.Factory.NONE;
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return ConnectionSettings.of(config, channels, authenticators);
    }

    private <T> T layer(Supplier<T> making, T otherwise) {
        try {
            return making.get();
        } catch (ConfigException refused) {
            refused.faults().stream().filter(fault -> !faults.contains(fault)).forEach(faults::add); // a proxy and brokers may have the same keys of TLS
            return otherwise;
        }
    }

    /** Credentials without a protocol that uses them: somebody believes that connections are protected, and they are not. */
    private void refuseWhatHasNoEffect() {
        if (config.isGiven(CommonConfig.SECURITY_PROTOCOL)) {
            return;
        }
        if (!isProxyEncrypted()) {
            refuse(SslConfig.KEYS, "SSL or SASL_SSL");
        }
        refuse(SaslConfig.KEYS, "SASL_SSL or SASL_PLAINTEXT");
    }

    /** Warns of what is not wrong, and not safe. For connections that are made: what is only checked may be made later, and told then. */
    static void warn(ClientConfig config) {
        boolean speaksTls = config.get(CommonConfig.SECURITY_PROTOCOL).usesTls() || new ConnectionLayers(config).isProxyEncrypted();
        if (speaksTls && config.get(SslConfig.ENDPOINT_IDENTIFICATION).isEmpty()) {
            LOG.warn("{} is empty: whoever holds any certificate of a trusted authority can pass for a broker", SslConfig.ENDPOINT_IDENTIFICATION.name());
        }
    }

    private boolean isProxyEncrypted() {
        Secret proxy = config.find(ProxyConfig.PROXY_URL);
        return proxy != null && proxy.reveal().strip().toLowerCase(Locale.ROOT).startsWith("https:");
    }

    private void refuse(List<ConfigKey<?>> keys, String instead) {
        keys.stream().filter(config::isGiven).forEach(key -> faults.add(new ConfigException.Fault(
                key.name(), key.shown(config.find(key)), "it has no effect without " + CommonConfig.SECURITY_PROTOCOL.name()
                        + ": set that to " + instead + ", or to PLAINTEXT if connections are not to be protected")));
    }
}
