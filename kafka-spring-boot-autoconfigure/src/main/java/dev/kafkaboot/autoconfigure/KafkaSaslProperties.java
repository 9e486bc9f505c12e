package dev.kafkaboot.autoconfigure;

import org.jspecify.annotations.Nullable;

/** The {@code kafka.sasl.*} properties. */
public class KafkaSaslProperties {

    /** SASL mechanism: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, GSSAPI or AWS_MSK_IAM. */
    private @Nullable String mechanism;

    /** User name of PLAIN and SCRAM. */
    private @Nullable String username;

    /** Name of the SSL bundle for the endpoint that tokens of OAUTHBEARER come from; without it, what the JVM trusts is trusted. */
    private @Nullable String tokenEndpointBundle;

    /** Password of PLAIN and SCRAM. */
    private @Nullable String password;

    public @Nullable String getMechanism() {
        return mechanism;
    }

    public void setMechanism(@Nullable String mechanism) {
        this.mechanism = mechanism;
    }

    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public @Nullable String getTokenEndpointBundle() {
        return tokenEndpointBundle;
    }

    public void setTokenEndpointBundle(@Nullable String tokenEndpointBundle) {
        this.tokenEndpointBundle = tokenEndpointBundle;
    }
}
