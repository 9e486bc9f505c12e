package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.SslConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The authorities that are trusted, as the configuration has them; the JVM's own if it has none. */
final class Trust {

    private final ClientConfig config;
    private final String type;
    private final @Nullable String location;
    private final @Nullable String inline;

    Trust(ClientConfig config) {
        this.config = config;
        this.location = config.find(SslConfig.TRUSTSTORE_LOCATION);
        this.inline = config.find(SslConfig.TRUSTSTORE_CERTIFICATES);
        this.type = inline != null && !config.isGiven(SslConfig.TRUSTSTORE_TYPE) ? "PEM" : config.get(SslConfig.TRUSTSTORE_TYPE); // a text can be nothing else
    }

    @Nullable String location() {
        return location;
    }

    /** Reads it anew. */
    TrustManager[] load() throws UnusableMaterialException {
        try {
            KeyStore store = location == null && inline == null ? null : Stores.isPem(type) ? ofPem() : ofStore();
            String algorithm = config.find(SslConfig.TRUSTMANAGER_ALGORITHM);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(algorithm == null ? TrustManagerFactory.getDefaultAlgorithm() : algorithm);
            factory.init(store);
            return ExplainingTrust.around(factory.getTrustManagers());
        } catch (UnusableMaterialException known) {
            throw known;
        } catch (GeneralSecurityException | IOException refused) {
            throw new UnusableMaterialException(SslConfig.TRUSTSTORE_LOCATION, location == null ? "(not given)" : location,
                    "it cannot be used: " + refused.getMessage(), refused);
        }
    }

    private KeyStore ofStore() throws GeneralSecurityException {
        if (location == null) {
            throw new UnusableMaterialException(SslConfig.TRUSTSTORE_TYPE, type, "it must be PEM if the certificates are given as text");
        }
        if (inline != null) {
            throw new UnusableMaterialException(SslConfig.TRUSTSTORE_LOCATION, location, "give the certificates as a file or as text, not both");
        }
        Secret password = config.find(SslConfig.TRUSTSTORE_PASSWORD);
        KeyStore store = Stores.open(SslConfig.TRUSTSTORE_TYPE, type, SslConfig.TRUSTSTORE_LOCATION, location, SslConfig.TRUSTSTORE_PASSWORD, password);
        for (String alias : Collections.list(store.aliases())) {
            if (store.isCertificateEntry(alias)) {
                return store;
            }
        }
        throw new UnusableMaterialException(SslConfig.TRUSTSTORE_LOCATION, location, "there is no trusted certificate in it"
                + (password == null ? "; a PKCS12 store shows them only with ssl.truststore.password" : ""));
    }

    private KeyStore ofPem() throws GeneralSecurityException, IOException {
        if (config.find(SslConfig.TRUSTSTORE_PASSWORD) != null) {
            throw new UnusableMaterialException(SslConfig.TRUSTSTORE_PASSWORD, null, "PEM certificates have no password");
        }
        if (location != null && inline != null) {
            throw new UnusableMaterialException(SslConfig.TRUSTSTORE_LOCATION, location, "give the certificates as a file or as text, not both");
        }
        List<X509Certificate> certificates;
        try {
            certificates = Pem.certificates(Pem.parse(location != null ? Stores.text(SslConfig.TRUSTSTORE_LOCATION, location) : String.valueOf(inline)));
        } catch (IllegalArgumentException wrong) {
            throw fault(String.valueOf(wrong.getMessage()), wrong);
        }
        if (certificates.isEmpty()) {
            throw fault("there is no certificate in it", null);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("authority-" + i, certificates.get(i));
        }
        return store;
    }

    private UnusableMaterialException fault(String reason, @Nullable Throwable cause) {
        return location != null
                ? new UnusableMaterialException(SslConfig.TRUSTSTORE_LOCATION, location, reason, cause)
                : new UnusableMaterialException(SslConfig.TRUSTSTORE_CERTIFICATES, "(PEM)", reason, cause);
    }
}
