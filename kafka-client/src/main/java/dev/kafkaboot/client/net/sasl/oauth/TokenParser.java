package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.net.sasl.fetch.Json;
import dev.kafkaboot.client.security.OAuthToken;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a token of its text. If it is a JWT, what it claims tells expiry, principal and scopes; its signature is not checked, because that is for the broker to
 * do, and the text came from whom the client trusts.
 */
final class TokenParser {

    private static final long SECOND_MAX = 253_402_300_799L; // the end of the year 9999

    private final String principalClaim;
    private final String scopeClaim;

    TokenParser(String principalClaim, String scopeClaim) {
        this.principalClaim = principalClaim;
        this.scopeClaim = scopeClaim;
    }

    /**
     * Reads a token.
     *
     * @param from where it is from, as messages call it
     * @param expiry when it expires as far as others say; what it says itself counts if that is earlier
     * @param principal whom it is for, if it does not say so itself
     * @throws CredentialsUnavailableException if it cannot be a token
     */
    OAuthToken parse(String text, String from, @Nullable Instant expiry, @Nullable String principal) {
        OAuthToken token;
        try {
            token = OAuthToken.of(text, expiry).withPrincipal(principal);
        } catch (IllegalArgumentException refused) {
            throw new CredentialsUnavailableException("What is in " + from + " is no token: " + refused.getMessage());
        }
        String[] parts = text.split("\\.", -1);
        return parts.length == 3 ? claimed(token, parts[1], from) : token;
    }

    /** Two dots do not make a JWT (Google's access tokens have them too), so one that cannot be read is taken as it is if its expiry is known without. */
    private OAuthToken claimed(OAuthToken token, String payload, String from) {
        Map<String, Object> claims;
        try {
            claims = Json.object(Base64.getUrlDecoder().decode(payload));
        } catch (IllegalArgumentException notJson) {
            if (token.expiry() != null) {
                return token;
            }
            throw new CredentialsUnavailableException("The token in " + from + " looks like a JWT and is none: its claims cannot be read");
        }
        String principal = Json.text(claims, principalClaim);
        Instant expiry = earlier(claims.get("exp") instanceof Number seconds ? instant(seconds.doubleValue()) : null, token.expiry());
        return OAuthToken.of(token.value().reveal(), expiry)
                .withPrincipal(principal == null ? token.principal() : principal)
                .withScopes(scopes(claims.get(scopeClaim)));
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        return one == null || other != null && other.isBefore(one) ? other : one;
    }

    private static Instant instant(double seconds) {
        return Instant.ofEpochMilli((long) (Math.max(0, Math.min(SECOND_MAX, seconds)) * 1_000));
    }

    private static List<String> scopes(@Nullable Object claim) {
        if (claim instanceof String text) {
            return Arrays.stream(text.strip().split("\\s+", -1)).filter(scope -> !scope.isEmpty()).toList();
        }
        return claim instanceof List<?> all ? all.stream().map(String::valueOf).toList() : List.of();
    }
}
