package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.AwsConfig;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.LoginConfig;
import dev.kafkaboot.client.net.sasl.fetch.CredentialCache;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.RefreshWindow;
import dev.kafkaboot.client.security.AwsCredentials;
import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.SaslMechanism;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Authenticates to Amazon MSK by credentials of AWS. All connections of a client share them; they are fetched off the loop and renewed ahead of expiry. */
public final class AwsMskIamMechanism implements SaslMechanism {

    /** The name that brokers know. */
    public static final String NAME = "AWS_MSK_IAM";

    private final CredentialCache<AwsCredentials> credentials;
    private final Region region;

    AwsMskIamMechanism(CredentialSource<AwsCredentials> source, Region region, RefreshWindow window, Duration backoff, Duration backoffMax) {
        this.credentials = new CredentialCache<>("AWS credentials", source, AwsMskIamMechanism::expiryMillis, window, backoff, backoffMax);
        this.region = region;
    }

    /**
     * As a configuration has it.
     *
     * @param jaasOptions the options of {@code sasl.jaas.config}; empty if there is none. Keys of the configuration count for more
     */
    public static AwsMskIamMechanism of(ClientConfig config, Map<String, String> jaasOptions) {
        Surroundings surroundings = Surroundings.ofThisProcess();
        Region region = new Region(config.find(AwsConfig.REGION), surroundings);
        RefreshWindow window = new RefreshWindow(config.get(LoginConfig.REFRESH_WINDOW_FACTOR), config.get(LoginConfig.REFRESH_WINDOW_JITTER),
                Duration.ofSeconds(config.get(LoginConfig.REFRESH_MIN_PERIOD)), Duration.ofSeconds(config.get(LoginConfig.REFRESH_BUFFER)));
        return new AwsMskIamMechanism(AwsCredentialChain.of(config, jaasOptions, surroundings), region, window,
                config.get(LoginConfig.RETRY_BACKOFF), config.get(LoginConfig.RETRY_BACKOFF_MAX));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SaslExchange begin(SaslContext context) {
        return new AwsMskIamExchange(context, region, () -> credentials.get(context));
    }

    /** Those that do not expire are looked up anew for each connection: that costs a look at a variable or a file, and whoever rotates keys is heard. */
    private static @Nullable Long expiryMillis(AwsCredentials credentials) {
        Instant expiry = credentials.expiry();
        return expiry == null ? null : (Long) expiry.toEpochMilli();
    }
}
