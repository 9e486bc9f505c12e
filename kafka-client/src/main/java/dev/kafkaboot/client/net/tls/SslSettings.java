package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.SslConfig;
import dev.kafkaboot.client.security.FixedSslContext;
import dev.kafkaboot.client.security.SslContextSource;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Turns the configuration into {@link TlsSettings}, and checks all of it. */
final class SslSettings {

    private SslSettings() {}

    /** For brokers. */
    static TlsSettings of(ClientConfig config) {
        return of(config, CommonConfig.SECURITY_PROTOCOL.name() + " is " + config.get(CommonConfig.SECURITY_PROTOCOL).name());
    }

    /**
     * For whoever it is that is spoken to.
     *
     * @param because what says that TLS is to be spoken, for messages
     */
    static TlsSettings of(ClientConfig config, String because) {
        SslContextSource given = config.find(SslConfig.CONTEXT);
        boolean hasKey = true;
        SslContextSource source;
        if (given != null) {
            refuseBeside(config);
            source = given;
        } else {
            ConfiguredContext configured = new ConfiguredContext(config);
            hasKey = configured.hasKey();
            source = configured;
        }
        List<String> suites = config.find(SslConfig.CIPHER_SUITES);
        TlsSettings settings = new TlsSettings(source, hasKey, config.get(SslConfig.ENABLED_PROTOCOLS), suites == null ? List.of() : suites,
                !config.get(SslConfig.ENDPOINT_IDENTIFICATION).isEmpty(), because);
        checkOffers(settings, given);
        return settings;
    }

    private static void refuseBeside(ClientConfig config) {
        List<ConfigException.Fault> faults = new ArrayList<>();
        for (ConfigKey<?> key : SslConfig.MATERIAL_KEYS) {
            if (config.isGiven(key)) {
                faults.add(new ConfigException.Fault(key.name(), key.shown(config.find(key)),
                        "it does not count beside " + SslConfig.CONTEXT.name() + ", which takes its place"));
            }
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
    }

    /** A source of the program's own is not asked before the first connection: what it has may not be there yet. */
    private static void checkOffers(TlsSettings settings, @Nullable SslContextSource given) {
        if (given != null && !(given instanceof FixedSslContext)) {
            return;
        }
        SSLContext context;
        try {
            context = settings.source().context();
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("What is made already could not be had", impossible);
        }
        List<ConfigException.Fault> faults = new ArrayList<>();
        SSLParameters supported = context.getSupportedSSLParameters();
        addUnsupported(SslConfig.ENABLED_PROTOCOLS, settings.protocols(), supported.getProtocols(), faults);
        addUnsupported(SslConfig.CIPHER_SUITES, settings.cipherSuites(), supported.getCipherSuites(), faults);
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
    }

    private static void addUnsupported(ConfigKey<?> key, List<String> asked, String[] supported, List<ConfigException.Fault> faults) {
        List<String> known = Arrays.asList(supported);
        List<String> unknown = asked.stream().filter(name -> !known.contains(name)).toList();
        if (!unknown.isEmpty()) {
            faults.add(new ConfigException.Fault(key.name(), String.join(",", asked),
                    "this JVM does not have " + String.join(", ", unknown) + "; it has " + String.join(", ", known)));
        }
    }
}
