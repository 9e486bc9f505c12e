package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.SslConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client's private key and certificate as the configuration has them. */
final class OwnKey {

    private static final Logger log = LoggerFactory.getLogger(OwnKey.class);
    private static final char[] NO_PASSWORD = new char[0];

    private final ClientConfig config;
    private final String type;
    private final @Nullable String location;
    private final @Nullable Secret inline;
    private final @Nullable String chain;

    OwnKey(ClientConfig config) {
        this.config = config;
        this.location = config.find(SslConfig.KEYSTORE_LOCATION);
        this.inline = config.find(SslConfig.KEYSTORE_KEY);
        this.chain = config.find(SslConfig.KEYSTORE_CERTIFICATE_CHAIN);
        this.type = (inline != null || chain != null) && !config.isGiven(SslConfig.KEYSTORE_TYPE) ? "PEM" : config.get(SslConfig.KEYSTORE_TYPE); // a text can be nothing else
    }

    boolean isConfigured() {
        return location != null || inline != null || chain != null;
    }

    @Nullable String location() {
        return location;
    }

    /** Reads it anew; null if there is none. */
    KeyManager @Nullable [] load() throws UnusableMaterialException {
        if (!isConfigured()) {
            return null;
        }
        try {
            String algorithm = config.find(SslConfig.KEYMANAGER_ALGORITHM);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(algorithm == null ? KeyManagerFactory.getDefaultAlgorithm() : algorithm);
            if (Stores.isPem(type)) {
                factory.init(ofPem(), NO_PASSWORD);
            } else {
                initOfStore(factory);
            }
            return factory.getKeyManagers();
        } catch (UnusableMaterialException known) {
            throw known;
        } catch (GeneralSecurityException | IOException refused) {
            throw new UnusableMaterialException(where(), location, "it cannot be used: " + refused.getMessage(), refused);
        }
    }

    private ConfigKey<?> where() {
        return location != null ? SslConfig.KEYSTORE_LOCATION : SslConfig.KEYSTORE_KEY;
    }

    private void initOfStore(KeyManagerFactory factory) throws GeneralSecurityException {
        if (location == null) {
            throw new UnusableMaterialException(SslConfig.KEYSTORE_TYPE, type, "it must be PEM if the key or the certificates are given as text");
        }
        if (inline != null || chain != null) {
            throw new UnusableMaterialException(SslConfig.KEYSTORE_LOCATION, location, "give the key as a file or as text, not both");
        }
        Secret password = config.find(SslConfig.KEYSTORE_PASSWORD);
        if (password == null) {
            throw new UnusableMaterialException(SslConfig.KEYSTORE_PASSWORD, "(not given)", "the private key in " + location + " cannot be read without it");
        }
        Secret ofKey = config.find(SslConfig.KEY_PASSWORD);
        KeyStore store = Stores.open(SslConfig.KEYSTORE_TYPE, type, SslConfig.KEYSTORE_LOCATION, location, SslConfig.KEYSTORE_PASSWORD, password);
        char[] keyPassword = (ofKey == null ? password : ofKey).reveal().toCharArray();
        check(store, keyPassword);
        factory.init(store, keyPassword);
    }

    private void check(KeyStore store, char[] keyPassword) throws GeneralSecurityException {
        boolean found = false;
        for (String alias : Collections.list(store.aliases())) {
            if (!store.isKeyEntry(alias)) {
                continue;
            }
            Key key;
            try {
                key = store.getKey(alias, keyPassword);
            } catch (UnrecoverableKeyException wrong) {
                throw new UnusableMaterialException(SslConfig.KEY_PASSWORD, null, "it does not open the key '" + alias + "' in " + location, wrong);
            }
            if (key instanceof PrivateKey privateKey && store.getCertificateChain(alias) != null) {
                found = true;
                check(privateKey, store.getCertificateChain(alias)[0]);
            }
        }
        if (!found) {
            throw new UnusableMaterialException(SslConfig.KEYSTORE_LOCATION, location, "there is no private key with a certificate in it");
        }
    }

    private void check(PrivateKey key, Certificate certificate) throws UnusableMaterialException {
        if (!(certificate instanceof X509Certificate own)) {
            return;
        }
        if (!PrivateKeys.match(key, own.getPublicKey())) {
            throw new UnusableMaterialException(where(), location, "the private key does not belong to the certificate " + CertificateFaults.name(own));
        }
        String outOfTime = CertificateFaults.outOfTime(own);
        if (outOfTime != null) {
            log.warn("The client's certificate {}, and brokers will not accept it: {}", outOfTime, CertificateFaults.name(own));
        }
    }

    private KeyStore ofPem() throws GeneralSecurityException, IOException {
        if (config.find(SslConfig.KEYSTORE_PASSWORD) != null) {
            throw new UnusableMaterialException(SslConfig.KEYSTORE_PASSWORD, null, "PEM has no such password; that of the key is ssl.key.password");
        }
        if (location != null && (inline != null || chain != null)) {
            throw new UnusableMaterialException(SslConfig.KEYSTORE_LOCATION, location, "give the key as a file or as text, not both");
        }
        List<Pem> parts = new ArrayList<>();
        if (location != null) {
            parts.addAll(parse(SslConfig.KEYSTORE_LOCATION, location, Stores.text(SslConfig.KEYSTORE_LOCATION, location)));
        }
        if (inline != null) {
            parts.addAll(parse(SslConfig.KEYSTORE_KEY, null, inline.reveal()));
        }
        if (chain != null) {
            parts.addAll(parse(SslConfig.KEYSTORE_CERTIFICATE_CHAIN, "(PEM)", chain));
        }
        return ofPem(parts);
    }

    private static List<Pem> parse(ConfigKey<?> key, @Nullable String shown, String text) throws UnusableMaterialException {
        try {
            return Pem.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new UnusableMaterialException(key, shown, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private KeyStore ofPem(List<Pem> parts) throws GeneralSecurityException, IOException {
        PrivateKey key;
        List<X509Certificate> certificates;
        try {
            key = PrivateKeys.read(PrivateKeys.only(parts), config.find(SslConfig.KEY_PASSWORD), SslConfig.KEY_PASSWORD.name());
            certificates = Pem.certificates(parts);
        } catch (IllegalArgumentException wrong) {
            throw new UnusableMaterialException(where(), location, String.valueOf(wrong.getMessage()), wrong);
        }
        if (certificates.isEmpty()) {
            throw new UnusableMaterialException(location != null ? SslConfig.KEYSTORE_LOCATION : SslConfig.KEYSTORE_CERTIFICATE_CHAIN,
                    location != null ? location : "(PEM)", "there is no certificate in it");
        }
        check(key, certificates.get(0));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("client", key, NO_PASSWORD, certificates.toArray(Certificate[]::new));
        return store;
    }
}
