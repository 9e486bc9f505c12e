package dev.kafkaboot.client.net.sasl.gssapi;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.KerberosConfig;
import dev.kafkaboot.client.LoginConfig;
import dev.kafkaboot.client.net.sasl.fetch.CredentialCache;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.RefreshWindow;
import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.SaslMechanism;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates by Kerberos. All connections of a client share one login, which is made off the loop and anew ahead of the ticket's end. Connections are
 * authenticated only: encrypting them is left to TLS.
 */
public final class KerberosMechanism implements SaslMechanism {

    /** The name that brokers know. */
    public static final String NAME = "GSSAPI";

    private final CredentialCache<Login> logins;
    private final String serviceName;

    KerberosMechanism(CredentialSource<Login> source, String serviceName, RefreshWindow window, Duration backoff, Duration backoffMax) {
        this.logins = new CredentialCache<>("Kerberos ticket", source, KerberosMechanism::expiryMillis, window, backoff, backoffMax);
        this.serviceName = serviceName;
    }

    /**
     * As a configuration has it.
     *
     * @param jaasOptions the options of {@code sasl.jaas.config}; empty if there is none
     * @throws ConfigException if it does not tell whose ticket is used, or tells it wrongly
     */
    public static KerberosMechanism of(ClientConfig config, Map<String, String> jaasOptions) {
        String key = config.find(KerberosConfig.SERVICE_NAME);
        String serviceName = key == null ? jaasOptions.get("serviceName") : key;
        if (serviceName == null || !serviceName.matches("[^/@\\s]+")) {
            throw new ConfigException(KerberosConfig.SERVICE_NAME.name(), serviceName == null ? "(not given)" : serviceName,
                    "it must be the first part of the brokers' principals, such as kafka");
        }
        RefreshWindow window = new RefreshWindow(config.get(KerberosConfig.RENEW_WINDOW_FACTOR), config.get(KerberosConfig.RENEW_JITTER),
                config.get(KerberosConfig.MIN_TIME_BEFORE_RELOGIN), Duration.ZERO);
        Subject subject = config.find(KerberosConfig.SUBJECT);
        CredentialSource<Login> source = subject == null ? new KerberosLogin(LoginOptions.of(config, jaasOptions)) : moment -> new Login(subject, null);
        return new KerberosMechanism(source, serviceName, window, config.get(LoginConfig.RETRY_BACKOFF), config.get(LoginConfig.RETRY_BACKOFF_MAX));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SaslExchange begin(SaslContext context) {
        return new KerberosExchange(context, serviceName, () -> logins.get(context));
    }

    private static @Nullable Long expiryMillis(Login login) {
        Instant expiry = login.expiry();
        return expiry == null ? null : (Long) expiry.toEpochMilli();
    }
}
