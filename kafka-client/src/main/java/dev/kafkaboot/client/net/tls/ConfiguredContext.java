package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.SslConfig;
import dev.kafkaboot.client.security.SslContextSource;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The context that the configuration describes. Its files are looked at each time that it is asked for: when one has changed, all are read anew. If what is read
 * cannot be used, such as a key whose certificate is still to be written, the context stays what it was, and that is told of once; each connection that is made
 * tries again, because what was wrong need not be in the files.
 *
 * <p>Safe from any thread: connections are made side by side.
 */
final class ConfiguredContext implements SslContextSource {

    private static final Logger log = LoggerFactory.getLogger(ConfiguredContext.class);

    private final ClientConfig config;
    private final OwnKey ownKey;
    private final Trust trust;
    private SSLContext current;
    private List<FileStamp> seen;
    private List<FileStamp> warned;

    /** Reads everything. */
    ConfiguredContext(ClientConfig config) {
        this.config = config;
        this.ownKey = new OwnKey(config);
        this.trust = new Trust(config);
        this.seen = stamps();
        this.warned = seen;
        this.current = first();
    }

    boolean hasKey() {
        return ownKey.isConfigured();
    }

    @Override
    public synchronized SSLContext context() {
        List<FileStamp> now = stamps(); // before the files are read: what is changed while they are is seen the next time
        if (now.equals(seen)) {
            return current;
        }
        try {
            current = make(ownKey.load(), trust.load());
            seen = now;
            log.info("Keys and certificates have changed, and were read anew: {}, {}", ownKey.location(), trust.location());
        } catch (GeneralSecurityException unusable) {
            if (!now.equals(warned)) {
                log.warn("Keys or certificates have changed and cannot be used, so those from before are: {}", unusable.getMessage());
            }
            warned = now;
        }
        return current;
    }

    private List<FileStamp> stamps() {
        return List.of(FileStamp.of(ownKey.location()), FileStamp.of(trust.location()));
    }

    private SSLContext first() {
        List<ConfigException.Fault> faults = new ArrayList<>();
        KeyManager[] keys = null;
        TrustManager[] judges = {};
        try {
            keys = ownKey.load();
        } catch (UnusableMaterialException unusable) {
            faults.add(unusable.fault());
        }
        try {
            judges = trust.load();
        } catch (UnusableMaterialException unusable) {
            faults.add(unusable.fault());
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        try {
            return make(keys, judges);
        } catch (UnusableMaterialException unusable) {
            throw new ConfigException(List.of(unusable.fault()));
        } catch (GeneralSecurityException refused) {
            throw new ConfigException(SslConfig.PROTOCOL.name(), config.get(SslConfig.PROTOCOL), "no TLS can be set up: " + refused.getMessage());
        }
    }

    private SSLContext make(KeyManager @Nullable [] keys, TrustManager[] judges) throws GeneralSecurityException {
        SSLContext context = newContext(config.get(SslConfig.PROTOCOL), config.find(SslConfig.PROVIDER));
        context.init(keys, judges, random(config.find(SslConfig.SECURE_RANDOM)));
        return context;
    }

    private static SSLContext newContext(String protocol, @Nullable String provider) throws UnusableMaterialException {
        try {
            return provider == null ? SSLContext.getInstance(protocol) : SSLContext.getInstance(protocol, provider);
        } catch (NoSuchProviderException unknown) {
            throw new UnusableMaterialException(SslConfig.PROVIDER, provider, "no provider of that name is installed in this JVM", unknown);
        } catch (NoSuchAlgorithmException unknown) {
            throw new UnusableMaterialException(SslConfig.PROTOCOL, protocol, "this JVM does not have it; TLSv1.3 is right for almost everybody", unknown);
        }
    }

    private static @Nullable SecureRandom random(@Nullable String algorithm) throws UnusableMaterialException {
        try {
            return algorithm == null ? null : SecureRandom.getInstance(algorithm);
        } catch (NoSuchAlgorithmException unknown) {
            throw new UnusableMaterialException(SslConfig.SECURE_RANDOM, algorithm, "this JVM does not have it", unknown);
        }
    }
}
