package dev.kafkaboot.client;

import dev.kafkaboot.client.security.CredentialsSource;
import dev.kafkaboot.client.security.SaslMechanism;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The configuration keys of SASL, which count where {@code security.protocol} is SASL_PLAINTEXT or SASL_SSL. */
public final class SaslConfig {

    /** How the client authenticates. */
    public static final ConfigKey<String> MECHANISM = ConfigKey.choice(
            "sasl.mechanism", "GSSAPI", names("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "AWS_MSK_IAM", "GSSAPI"),
            "How the client authenticates. One of its own is given as sasl.mechanism.instance.");

    /** Credentials in the form that Apache's clients know. */
    public static final ConfigKey<Secret> JAAS = ConfigKey.secret(
            "sasl.jaas.config",
            "Credentials in JAAS form, as Apache's clients take them: one login module and its options. It is read for the options of the well-known "
                    + "modules; no class is loaded by its name.");

    /** Who the client is. */
    public static final ConfigKey<String> USERNAME = ConfigKey.string(
            "sasl.username", null, "User name for PLAIN and SCRAM, with sasl.password.");

    /** The password. */
    public static final ConfigKey<Secret> PASSWORD = ConfigKey.secret("sasl.password", "Password for PLAIN and SCRAM, with sasl.username.");

    /** User name and password from a source that may answer otherwise each time. */
    public static final ConfigKey<CredentialsSource> CREDENTIALS = ConfigKey.object(
            "sasl.credentials", CredentialsSource.class,
            "Source of user name and password for PLAIN and SCRAM, instead of sasl.username and sasl.password. It is asked anew for each authentication, off the "
                    + "event loop, so credentials may change while the client runs.");

    /** Whether credentials may go over a connection that is not encrypted. */
    public static final ConfigKey<Boolean> ALLOW_PLAINTEXT = ConfigKey.bool(
            "sasl.allow.plaintext", false,
            "Whether credentials may be used over connections without encryption (SASL_PLAINTEXT). PLAIN shows the password to everybody on the way; SCRAM lets "
                    + "them guess at it, and take over the connection.");

    /** The most work that a broker may demand of a client. */
    public static final ConfigKey<Integer> SCRAM_ITERATIONS_MAX = ConfigKey.integer(
            "sasl.scram.iterations.max", 1_000_000, 4096, Integer.MAX_VALUE,
            "Most iterations that SCRAM lets a broker demand. Fewer than 4096 are refused (RFC 7677).");

    /** Whether SCRAM prepares what it is given. */
    public static final ConfigKey<Boolean> SASLPREP = ConfigKey.bool(
            "sasl.scram.saslprep", true,
            "Whether SCRAM prepares user name and password by SASLprep (RFC 4013), as its standard says. Apache's tools and clients do not; false is for a password "
                    + "that was set by them and is changed by it, which no password of ASCII characters is.");

    /** A mechanism of one's own. */
    public static final ConfigKey<SaslMechanism> MECHANISM_INSTANCE = ConfigKey.object(
            "sasl.mechanism.instance", SaslMechanism.class, "A mechanism of one's own, instead of sasl.mechanism.");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = Stream.of(
                    List.<ConfigKey<?>>of(MECHANISM, JAAS, USERNAME, PASSWORD, CREDENTIALS, ALLOW_PLAINTEXT, SCRAM_ITERATIONS_MAX, SASLPREP, MECHANISM_INSTANCE),
                    LoginConfig.KEYS, OAuthConfig.KEYS, AwsConfig.KEYS, KerberosConfig.KEYS)
            .<ConfigKey<?>>flatMap(List::stream)
            .toList();

    private static Map<String, String> names(String... names) {
        Map<String, String> byName = new LinkedHashMap<>();
        for (String name : names) {
            byName.put(name, name);
        }
        return byName;
    }

    private SaslConfig() {}
}
