package dev.kafkaboot.client;

import dev.kafkaboot.client.security.OAuthTokenSupplier;
import dev.kafkaboot.client.security.SslContextSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration keys of OAUTHBEARER: where tokens come from. */
public final class OAuthConfig {

    /** How a token is had. */
    public enum Grant {
        /** By client id and secret or assertion; or from a file, if the URL names one. */
        DEFAULT,
        /** By client id and secret (KIP-768) or assertion (KIP-1258). */
        CLIENT_CREDENTIALS,
        /** By a signed assertion (KIP-1139). */
        JWT_BEARER,
        /** From a file that somebody else renews. */
        FILE
    }

    private static final String APACHE = "org.apache.kafka.common.security.oauthbearer.";

    /** The application's own source of tokens. */
    public static final ConfigKey<OAuthTokenSupplier> TOKEN_SUPPLIER = ConfigKey.object(
            "sasl.oauthbearer.token.supplier", OAuthTokenSupplier.class, "Where tokens come from, if it is the application's own doing.");

    /** Where tokens are asked for. */
    public static final ConfigKey<String> TOKEN_ENDPOINT_URL = ConfigKey.string(
            "sasl.oauthbearer.token.endpoint.url", null,
            "The identity provider's token endpoint, an https URL; or a file URL of a file that holds the token and is read for each connection.");

    /** Whether the endpoint may be reached without TLS. */
    public static final ConfigKey<Boolean> ALLOW_INSECURE_URL = ConfigKey.bool(
            "sasl.oauthbearer.allow.insecure.url", false,
            "Whether the token endpoint may be an http URL elsewhere than on this machine. Client secret and token are then sent where others may read them.");

    /** The TLS context of the endpoint. */
    public static final ConfigKey<SslContextSource> SSL_CONTEXT = ConfigKey.object(
            "sasl.oauthbearer.ssl.context", SslContextSource.class, "TLS context for the token endpoint; the JVM's own if it is not given.");

    /** The grant. */
    public static final ConfigKey<Grant> GRANT = ConfigKey.choice(
            "sasl.oauthbearer.jwt.retriever.class", Grant.DEFAULT, grants(),
            "How a token is had: default (client credentials, or a file if the URL names one), client-credentials, jwt-bearer (a signed assertion, KIP-1139) or "
                    + "file. The names of Apache's classes mean the same; no class is loaded.");

    /** The client's id at the identity provider. */
    public static final ConfigKey<String> CLIENT_ID = ConfigKey.string(
            "sasl.oauthbearer.client.credentials.client.id", null, "Id of this client at the identity provider.");

    /** The client's secret at the identity provider. */
    public static final ConfigKey<Secret> CLIENT_SECRET = ConfigKey.secret(
            "sasl.oauthbearer.client.credentials.client.secret",
            "Secret of this client at the identity provider. Does not count if there is an assertion (KIP-1258).");

    /** What the token is to allow. */
    public static final ConfigKey<String> SCOPE = ConfigKey.string(
            "sasl.oauthbearer.scope", null, "Scope that the token is asked for, several separated by blanks.");

    /** Whether id and secret are encoded. */
    public static final ConfigKey<Boolean> HEADER_URLENCODE = ConfigKey.bool(
            "sasl.oauthbearer.header.urlencode", false,
            "Whether client id and secret are URL-encoded before they are put in the Authorization header, as RFC 6749 has it (KIP-1025).");

    /** What is told to the broker beside the token. */
    public static final ConfigKey<List<String>> EXTENSIONS = ConfigKey.list(
            "sasl.oauthbearer.extensions", List.of(), "What is told to the broker beside the token, as name=value, separated by commas (KIP-342).");

    /** The claim that names the scopes. */
    public static final ConfigKey<String> SCOPE_CLAIM_NAME = ConfigKey.string(
            "sasl.oauthbearer.scope.claim.name", "scope", "Claim of the token that tells its scopes.");

    /** The claim that names the principal. */
    public static final ConfigKey<String> SUB_CLAIM_NAME = ConfigKey.string(
            "sasl.oauthbearer.sub.claim.name", "sub", "Claim of the token that tells the principal.");

    /** An assertion made by somebody else. */
    public static final ConfigKey<String> ASSERTION_FILE = ConfigKey.string(
            "sasl.oauthbearer.assertion.file", null,
            "File with a signed assertion that somebody else renews; read for each token. The other keys of assertions do not count then.");

    /** The key to sign with. */
    public static final ConfigKey<String> ASSERTION_PRIVATE_KEY_FILE = ConfigKey.string(
            "sasl.oauthbearer.assertion.private.key.file", null,
            "PEM file with the private key (PKCS#8, encrypted or not, PKCS#1 or SEC1) that signs assertions; read for each token.");

    /** The passphrase of that key. */
    public static final ConfigKey<Secret> ASSERTION_PRIVATE_KEY_PASSPHRASE = ConfigKey.secret(
            "sasl.oauthbearer.assertion.private.key.passphrase", "Passphrase of the private key, if it is encrypted.");

    /** How it is signed. */
    public static final ConfigKey<String> ASSERTION_ALGORITHM = ConfigKey.choice(
            "sasl.oauthbearer.assertion.algorithm", "RS256", algorithms(), "How assertions are signed: RS256 with an RSA key, ES256 with one on the curve P-256.");

    /** Header and claims beyond those below. */
    public static final ConfigKey<String> ASSERTION_TEMPLATE_FILE = ConfigKey.string(
            "sasl.oauthbearer.assertion.template.file", null,
            "JSON file with members 'header' and 'payload' that go into assertions as they are: a key id (kid), for example, or claims of one's own.");

    /** Whom it is for. */
    public static final ConfigKey<String> ASSERTION_AUD = ConfigKey.string(
            "sasl.oauthbearer.assertion.claim.aud", null, "Audience (aud) of assertions.");

    /** Who made it. */
    public static final ConfigKey<String> ASSERTION_ISS = ConfigKey.string(
            "sasl.oauthbearer.assertion.claim.iss", null, "Issuer (iss) of assertions.");

    /** Whom it is about. */
    public static final ConfigKey<String> ASSERTION_SUB = ConfigKey.string(
            "sasl.oauthbearer.assertion.claim.sub", null, "Subject (sub) of assertions.");

    /** How long it lives. */
    public static final ConfigKey<Integer> ASSERTION_EXP = ConfigKey.integer(
            "sasl.oauthbearer.assertion.claim.exp.seconds", 300, 0, 86_400, "Seconds from now at which assertions expire (exp).");

    /** How long it has been valid. */
    public static final ConfigKey<Integer> ASSERTION_NBF = ConfigKey.integer(
            "sasl.oauthbearer.assertion.claim.nbf.seconds", 60, 0, 3_600, "Seconds before now from which assertions are valid (nbf).");

    /** Whether it has an id. */
    public static final ConfigKey<Boolean> ASSERTION_JTI = ConfigKey.bool(
            "sasl.oauthbearer.assertion.claim.jti.include", false, "Whether each assertion gets an id of its own (jti).");

    /** Every key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = List.of(TOKEN_SUPPLIER, TOKEN_ENDPOINT_URL, ALLOW_INSECURE_URL, SSL_CONTEXT, GRANT, CLIENT_ID, CLIENT_SECRET,
            SCOPE, HEADER_URLENCODE, EXTENSIONS, SCOPE_CLAIM_NAME, SUB_CLAIM_NAME, ASSERTION_FILE, ASSERTION_PRIVATE_KEY_FILE,
            ASSERTION_PRIVATE_KEY_PASSPHRASE, ASSERTION_ALGORITHM, ASSERTION_TEMPLATE_FILE, ASSERTION_AUD, ASSERTION_ISS, ASSERTION_SUB, ASSERTION_EXP,
            ASSERTION_NBF, ASSERTION_JTI);

    private OAuthConfig() {}

    private static Map<String, Grant> grants() {
        Map<String, Grant> byName = new LinkedHashMap<>();
        byName.put("default", Grant.DEFAULT);
        byName.put("client-credentials", Grant.CLIENT_CREDENTIALS);
        byName.put("jwt-bearer", Grant.JWT_BEARER);
        byName.put("file", Grant.FILE);
        byName.put(APACHE + "DefaultJwtRetriever", Grant.DEFAULT);
        byName.put(APACHE + "ClientCredentialsJwtRetriever", Grant.CLIENT_CREDENTIALS);
        byName.put(APACHE + "JwtBearerJwtRetriever", Grant.JWT_BEARER);
        byName.put(APACHE + "FileJwtRetriever", Grant.FILE);
        return byName;
    }

    private static Map<String, String> algorithms() {
        Map<String, String> byName = new LinkedHashMap<>();
        byName.put("RS256", "RS256");
        byName.put("ES256", "ES256");
        return byName;
    }
}
