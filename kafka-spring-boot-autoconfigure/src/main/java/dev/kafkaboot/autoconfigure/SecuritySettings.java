package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.security.SslContextSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.core.io.Resource;

/** Puts what the properties say of TLS, SASL and the proxy into the settings of clients. Bundles are looked up once for all clients. */
final class SecuritySettings {

    private static final String CONTEXT = "ssl.context";

    /** What the properties of the group say, and a bundle takes the place of. */
    private static final List<String> STORES = List.of(
            "ssl.key.password", "ssl.keystore.certificate.chain", "ssl.keystore.key", "ssl.keystore.location", "ssl.keystore.password", "ssl.keystore.type",
            "ssl.truststore.certificates", "ssl.truststore.location", "ssl.truststore.password", "ssl.truststore.type");

    /** The properties of a group that name keys or certificates. */
    private static final List<StoreProperty> STORE_PROPERTIES = List.of(
            new StoreProperty("trust-store-location", KafkaSslProperties::getTrustStoreLocation),
            new StoreProperty("trust-store-certificates", KafkaSslProperties::getTrustStoreCertificates),
            new StoreProperty("key-store-location", KafkaSslProperties::getKeyStoreLocation),
            new StoreProperty("key-store-key", KafkaSslProperties::getKeyStoreKey),
            new StoreProperty("key-store-certificate-chain", KafkaSslProperties::getKeyStoreCertificateChain));

    private static final Logger logger = LoggerFactory.getLogger(SecuritySettings.class);
    private static final List<String> OFFERS = List.of("ssl.enabled.protocols", "ssl.cipher.suites");

    /** A property that names keys or certificates, and what was bound to it: one that is written and empty, as placeholders may leave it, says nothing. */
    private record StoreProperty(String name, Function<KafkaSslProperties, @Nullable Object> bound) {

        boolean isGiven(KafkaSslProperties ssl) {
            Object value = bound.apply(ssl);
            return value instanceof String text ? !text.isBlank() : value != null;
        }
    }

    private final KafkaProperties properties;
    private final @Nullable SslBundles bundles;
    private final WrittenProperties written;
    private final Map<String, BundleSslContextSource> sources = new LinkedHashMap<>();
    private final List<InvalidKafkaPropertiesException.Fault> faults = new ArrayList<>();
    private @Nullable SslContextSource ofDetails;

    SecuritySettings(KafkaProperties properties, @Nullable SslBundles bundles, WrittenProperties written) {
        this.properties = properties;
        this.bundles = bundles;
        this.written = written;
    }

    /** Sets what all clients have. */
    void putShared(ClientSettings settings) {
        putOwn(settings, properties.getSecurity(), properties.getSsl(), "");
        KafkaSaslProperties sasl = properties.getSasl();
        settings.put("sasl.mechanism", sasl.getMechanism(), "sasl.mechanism")
                .put("sasl.username", sasl.getUsername(), "sasl.username")
                .put("sasl.password", sasl.getPassword(), "sasl.password")
                .put("proxy.url", properties.getProxy().getUrl(), "proxy.url");
        String endpoint = sasl.getTokenEndpointBundle();
        SslContextSource source = endpoint == null ? null : sourceOf(endpoint, "sasl.token-endpoint-bundle");
        settings.put("sasl.oauthbearer.ssl.context", source, "sasl.token-endpoint-bundle");
        if (properties.getJaas().isEnabled()) {
            settings.put("sasl.jaas.config", entry(properties.getJaas()), "jaas.options");
        }
    }

    /** The entry that a JAAS file would have. */
    private static String entry(KafkaJaasProperties jaas) {
        return jaas.getOptions().entrySet().stream()
                .map(option -> " " + option.getKey() + "=\"" + option.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining("", jaas.getLoginModule() + " required", ";"));
    }

    /**
     * Sets what one kind of client has of its own.
     *
     * @param group the name of the properties' group with a dot behind it, or nothing for all clients
     */
    void putOwn(ClientSettings settings, KafkaSecurityProperties security, KafkaSslProperties ssl, String group) {
        settings.put("security.protocol", security.getProtocol(), group + "security.protocol");
        String bundle = ssl.getBundle();
        if (bundle != null && !hasNewerStore(group, ssl, bundle)) {
            putBundle(settings, bundle, group + "ssl.bundle");
            return;
        }
        boolean hadContext = settings.has(CONTEXT);
        settings.put("ssl.key.password", ssl.getKeyPassword(), group + "ssl.key-password")
                .put("ssl.keystore.certificate.chain", ssl.getKeyStoreCertificateChain(), group + "ssl.key-store-certificate-chain")
                .put("ssl.keystore.key", ssl.getKeyStoreKey(), group + "ssl.key-store-key")
                .put("ssl.keystore.location", file(ssl.getKeyStoreLocation(), group + "ssl.key-store-location"), group + "ssl.key-store-location")
                .put("ssl.keystore.password", ssl.getKeyStorePassword(), group + "ssl.key-store-password")
                .put("ssl.keystore.type", ssl.getKeyStoreType(), group + "ssl.key-store-type")
                .put("ssl.protocol", ssl.getProtocol(), group + "ssl.protocol")
                .put("ssl.truststore.certificates", ssl.getTrustStoreCertificates(), group + "ssl.trust-store-certificates")
                .put("ssl.truststore.location", file(ssl.getTrustStoreLocation(), group + "ssl.trust-store-location"), group + "ssl.trust-store-location")
                .put("ssl.truststore.password", ssl.getTrustStorePassword(), group + "ssl.trust-store-password")
                .put("ssl.truststore.type", ssl.getTrustStoreType(), group + "ssl.trust-store-type");
        if (hadContext && STORES.stream().anyMatch(settings::has)) {
            settings.remove(CONTEXT); // the client's own stores take the place of the bundle that all clients have
            forgetOffers(settings);
        }
    }

    /**
     * Whether stores of {@code kafka} take the place of a bundle that {@code spring.kafka} has left over. Both in one are a fault, because only one of them can have
     * effect, and it may not be the one that was meant.
     */
    private boolean hasNewerStore(String group, KafkaSslProperties ssl, String bundle) {
        boolean isOwn = written.find("kafka." + group + "ssl.bundle") != null;
        WrittenProperties.Written ownStore = store(ssl, "kafka." + group + "ssl.");
        WrittenProperties.Written store = isOwn ? ownStore : store(ssl, "spring.kafka." + group + "ssl.");
        if (!isOwn && ownStore != null) {
            logger.info("{} takes the place of the SSL bundle '{}' of spring.kafka.{}ssl.bundle", ownStore.name(), bundle, group);
            return true;
        }
        if (store != null) {
            fault(group + "ssl.bundle", bundle, "a bundle and stores exclude each other, and there is " + store.name() + " too");
        }
        return false;
    }

    private WrittenProperties.@Nullable Written store(KafkaSslProperties ssl, String prefix) {
        return STORE_PROPERTIES.stream().filter(each -> each.isGiven(ssl)).map(each -> written.find(prefix + each.name())).filter(Objects::nonNull).findFirst()
                .orElse(null);
    }

    /** What a bundle says of versions and ciphers goes with it. */
    private static void forgetOffers(ClientSettings settings) {
        OFFERS.stream().filter(key -> settings.isFrom(key, "ssl.bundle")).forEach(settings::remove);
    }

    /** Takes beans back that the client's protocol has no use for: that they exist is no wish to be protected. */
    static void dropUnused(ClientSettings settings, Map<String, Object> beans) {
        String protocol = String.valueOf(settings.value("security.protocol")).strip().toUpperCase(Locale.ROOT);
        beans.forEach((key, bean) -> {
            boolean isUnused = key.startsWith("sasl.") && !protocol.startsWith("SASL_") || key.startsWith("ssl.") && !protocol.endsWith("SSL");
            if (isUnused && settings.value(key) == bean) {
                settings.remove(key);
            }
        });
    }

    /** Sets what the connection details say, in place of what the properties do. */
    void putDetails(ClientSettings settings, KafkaConnectionDetails details) {
        settings.put("security.protocol", details.getSecurityProtocol(), "security.protocol");
        SslBundle bundle = details.getSslBundle();
        if (bundle != null) {
            SslContextSource source = ofDetails;
            if (source == null) { // the same for all clients, so that they share connections
                SSLContext context = BundleSslContextSource.contextOf(bundle);
                source = () -> context;
                ofDetails = source;
            }
            put(settings, bundle, source, "ssl.bundle");
        }
    }

    private void putBundle(ClientSettings settings, String name, String path) {
        BundleSslContextSource source = sourceOf(name, path);
        if (source != null && bundles != null) {
            put(settings, bundles.getBundle(name), source, path);
        }
    }

    /** The one source of a bundle, so that clients share it; null if there is no such bundle. */
    private @Nullable BundleSslContextSource sourceOf(String name, String path) {
        BundleSslContextSource source = sources.get(name);
        if (source == null) {
            source = source(name, path);
        }
        if (source != null) {
            sources.put(name, source);
        }
        return source;
    }

    private static void put(ClientSettings settings, SslBundle bundle, SslContextSource source, String path) {
        STORES.forEach(settings::remove);
        forgetOffers(settings);
        settings.put(CONTEXT, source, path);
        SslOptions options = bundle.getOptions();
        settings.remove("ssl.protocol");
        settings.put("ssl.enabled.protocols", list(options.getEnabledProtocols()), path)
                .put("ssl.cipher.suites", list(options.getCiphers()), path);
    }

    private static @Nullable List<String> list(String @Nullable [] values) {
        return values == null ? null : Arrays.asList(values);
    }

    private @Nullable BundleSslContextSource source(String name, String path) {
        if (bundles == null) {
            fault(path, name, "there are no SSL bundles in this application");
            return null;
        }
        try {
            return new BundleSslContextSource(name, bundles);
        } catch (NoSuchSslBundleException none) {
            fault(path, name, "there is no SSL bundle of that name; spring.ssl.bundle.pem." + name + ".* or spring.ssl.bundle.jks." + name + ".* makes one");
        } catch (IllegalStateException | IllegalArgumentException unusable) {
            fault(path, name, "the SSL bundle cannot be used: " + unusable.getMessage());
        }
        return null;
    }

    private @Nullable String file(@Nullable Resource resource, String path) {
        if (resource == null) {
            return null;
        }
        try {
            return resource.getFile().getAbsolutePath();
        } catch (FileNotFoundException none) {
            fault(path, resource.getDescription(), "it must be a file: " + none.getMessage());
        } catch (IOException noFile) {
            fault(path, resource.getDescription(), "it must be a file, and not within an archive; an SSL bundle (ssl.bundle) can be anywhere");
        }
        return null;
    }

    private void fault(String path, String value, String expected) {
        WrittenProperties.Written found = written.find(path, null);
        faults.add(found == null
                ? new InvalidKafkaPropertiesException.Fault("kafka." + path, value, null, expected)
                : new InvalidKafkaPropertiesException.Fault(found.name(), found.value(), found.origin(), expected));
    }

    /** What is wrong with bundles and files. */
    List<InvalidKafkaPropertiesException.Fault> faults() {
        return faults;
    }
}
