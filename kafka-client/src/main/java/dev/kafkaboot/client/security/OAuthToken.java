package dev.kafkaboot.client.security;

import dev.kafkaboot.client.Secret;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token for OAUTHBEARER (RFC 7628, RFC 6750). Immutable.
 *
 * <p>The broker takes principal and scopes from the token itself; here they are for logs and for those who ask. Never prints its value.
 */
public final class OAuthToken {

    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    private static final Pattern EXTENSION_NAME = Pattern.compile("[A-Za-z]+");
    private static final Pattern EXTENSION_VALUE = Pattern.compile("[\\x21-\\x7E \\t\\r\\n]+");

    private final Secret value;
    private final @Nullable Instant expiry;
    private final @Nullable String principal;
    private final List<String> scopes;
    private final Map<String, String> extensions;

    private OAuthToken(
            Secret value, @Nullable Instant expiry, @Nullable String principal, List<String> scopes, Map<String, String> extensions) {
        this.value = value;
        this.expiry = expiry;
        this.principal = principal;
        this.scopes = scopes;
        this.extensions = extensions;
    }

    /**
     * A token.
     *
     * @param value what is sent, without "Bearer"
     * @param expiry when it expires; null if that is not known, and then it serves one connection and is not kept
     * @throws IllegalArgumentException if the value is not of the characters that RFC 6750 allows
     */
    public static OAuthToken of(String value, @Nullable Instant expiry) {
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("a token must be of the letters, digits and signs that RFC 6750 allows in one, and not empty");
        }
        return new OAuthToken(Secret.of(value), expiry, null, List.of(), Map.of());
    }

    /** The same, of a principal. */
    public OAuthToken withPrincipal(@Nullable String name) {
        return new OAuthToken(value, expiry, name, scopes, extensions);
    }

    /** The same, with scopes. */
    public OAuthToken withScopes(Collection<String> names) {
        return new OAuthToken(value, expiry, principal, List.copyOf(names), extensions);
    }

    /**
     * The same, with extensions: what is told to the broker beside the token (KIP-342).
     *
     * @param given values by names, in the order in which they are sent
     * @throws IllegalArgumentException if a name is not of letters, or is "auth", or a value is empty or has characters that RFC 7628 does not allow
     */
    public OAuthToken withExtensions(Map<String, String> given) {
        given.forEach((name, text) -> {
            if (!EXTENSION_NAME.matcher(name).matches() || name.equals("auth")) {
                throw new IllegalArgumentException("an extension's name must be of letters and not 'auth', which '" + name + "' is not");
            }
            if (!EXTENSION_VALUE.matcher(text).matches()) {
                throw new IllegalArgumentException("the value of extension '" + name + "' must be of printable ASCII characters, and not empty");
            }
        });
        return new OAuthToken(value, expiry, principal, scopes, Collections.unmodifiableMap(new LinkedHashMap<>(given)));
    }

    /** What is sent. */
    public Secret value() {
        return value;
    }

    /** When it expires, or null if that is not known. */
    public @Nullable Instant expiry() {
        return expiry;
    }

    /** Whom it is for, or null if that is not known. */
    public @Nullable String principal() {
        return principal;
    }

    /** What it allows; empty if that is not known. */
    public List<String> scopes() {
        return scopes;
    }

    /** What is told to the broker beside the token. */
    public Map<String, String> extensions() {
        return extensions;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OAuthToken that && value.equals(that.value) && Objects.equals(expiry, that.expiry)
                && Objects.equals(principal, that.principal) && scopes.equals(that.scopes) && extensions.equals(that.extensions);
    }

    @Override
    public int hashCode() {
        return Objects.hash(value, expiry, principal, scopes, extensions);
    }

    @Override
    public String toString() {
        return "token of " + (principal == null ? "an unknown principal" : principal) + (expiry == null ? "" : ", expires at " + expiry);
    }
}
