package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.LoginConfig;
import dev.kafkaboot.client.net.sasl.fetch.CredentialCache;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.RefreshWindow;
import dev.kafkaboot.client.security.OAuthToken;
import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.SaslMechanism;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates by a bearer token (RFC 7628). All connections of a client share its tokens, which are fetched off the loop and renewed ahead of their expiry.
 *
 * @see <a href="https://cwiki.apache.org/confluence/x/_c-5BQ">KIP-255</a>
 */
public final class OAuthBearerMechanism implements SaslMechanism {

    /** The name that brokers know. */
    public static final String NAME = "OAUTHBEARER";

    private final CredentialCache<OAuthToken> tokens;

    OAuthBearerMechanism(CredentialSource<OAuthToken> source, RefreshWindow window, Duration backoff, Duration backoffMax) {
        this.tokens = new CredentialCache<>("token", source, OAuthBearerMechanism::expiryMillis, window, backoff, backoffMax);
    }

    /**
     * As a configuration has it.
     *
     * @param jaasOptions the options of {@code sasl.jaas.config}; empty if there is none. Keys of the configuration count for more
     * @throws dev.kafkaboot.client.ConfigException if it does not tell where tokens come from, or tells it wrongly
     */
    public static OAuthBearerMechanism of(ClientConfig config, Map<String, String> jaasOptions) {
        RefreshWindow window = new RefreshWindow(config.get(LoginConfig.REFRESH_WINDOW_FACTOR), config.get(LoginConfig.REFRESH_WINDOW_JITTER),
                Duration.ofSeconds(config.get(LoginConfig.REFRESH_MIN_PERIOD)), Duration.ofSeconds(config.get(LoginConfig.REFRESH_BUFFER)));
        return new OAuthBearerMechanism(
                TokenSources.of(config, jaasOptions), window, config.get(LoginConfig.RETRY_BACKOFF), config.get(LoginConfig.RETRY_BACKOFF_MAX));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SaslExchange begin(SaslContext context) {
        return new OAuthBearerExchange(() -> tokens.get(context));
    }

    private static @Nullable Long expiryMillis(OAuthToken token) {
        Instant expiry = token.expiry();
        return expiry == null ? null : (Long) expiry.toEpochMilli();
    }
}
