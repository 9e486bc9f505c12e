package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The client asks for itself (RFC 6749, 4.4; KIP-768). It proves who it is by its secret, in a header, or by an assertion that it has signed, in the body
 * (RFC 7523, 2.2; KIP-1258).
 */
final class ClientCredentialsGrant implements GrantRequest {

    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final @Nullable String clientId;
    private final @Nullable Secret authorization;
    private final @Nullable Assertion assertion;
    private final @Nullable String scope;

    private ClientCredentialsGrant(@Nullable String clientId, @Nullable Secret authorization, @Nullable Assertion assertion, @Nullable String scope) {
        this.clientId = clientId;
        this.authorization = authorization;
        this.assertion = assertion;
        this.scope = scope;
    }

    static ClientCredentialsGrant of(ClientConfig config, Map<String, String> jaasOptions) {
        String clientId = TokenSources.orOption(config.find(OAuthConfig.CLIENT_ID), jaasOptions, "clientId");
        String scope = TokenSources.orOption(config.find(OAuthConfig.SCOPE), jaasOptions, "scope");
        Assertion assertion = Assertions.find(config);
        if (assertion != null) {
            return new ClientCredentialsGrant(clientId, null, assertion, scope);
        }
        Secret given = config.find(OAuthConfig.CLIENT_SECRET);
        String secret = TokenSources.orOption(given == null ? null : given.reveal(), jaasOptions, "clientSecret");
        if (clientId == null) {
            throw new ConfigException(OAuthConfig.CLIENT_ID.name(), "(not given)", "the token endpoint must be told who asks");
        }
        if (secret == null) {
            throw new ConfigException(OAuthConfig.CLIENT_SECRET.name(), "(not given)", "the token endpoint must be told this, or be given an assertion ("
                    + OAuthConfig.ASSERTION_FILE.name() + " or " + OAuthConfig.ASSERTION_PRIVATE_KEY_FILE.name() + ")");
        }
        return new ClientCredentialsGrant(clientId, basic(clientId, secret, config.get(OAuthConfig.HEADER_URLENCODE)), null, scope);
    }

    private static Secret basic(String clientId, String secret, boolean encode) {
        String pair = encode ? encoded(clientId) + ":" + encoded(secret) : clientId + ":" + secret;
        return Secret.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public Content content(Moment moment) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        if (scope != null) {
            form.put("scope", scope);
        }
        if (assertion != null) {
            if (clientId != null) {
                form.put("client_id", clientId);
            }
            form.put("client_assertion_type", ASSERTION_TYPE);
            form.put("client_assertion", assertion.make(moment));
        }
        return new Content(form, authorization, clientId);
    }
}
