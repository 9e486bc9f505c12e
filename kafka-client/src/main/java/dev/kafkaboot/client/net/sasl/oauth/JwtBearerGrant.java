package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.net.sasl.fetch.Moment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An assertion is changed for a token (RFC 7523, 2.1; KIP-1139). */
final class JwtBearerGrant implements GrantRequest {

    private final Assertion assertion;
    private final @Nullable String scope;
    private final @Nullable String subject;

    private JwtBearerGrant(Assertion assertion, @Nullable String scope, @Nullable String subject) {
        this.assertion = assertion;
        this.scope = scope;
        this.subject = subject;
    }

    static JwtBearerGrant of(ClientConfig config, Map<String, String> jaasOptions) {
        Assertion assertion = Assertions.find(config);
        if (assertion == null) {
            throw new ConfigException(OAuthConfig.ASSERTION_PRIVATE_KEY_FILE.name(), "(not given)",
                    "the grant jwt-bearer needs this or " + OAuthConfig.ASSERTION_FILE.name());
        }
        String scope = TokenSources.orOption(config.find(OAuthConfig.SCOPE), jaasOptions, "scope");
        return new JwtBearerGrant(assertion, scope, config.find(OAuthConfig.ASSERTION_SUB));
    }

    @Override
    public Content content(Moment moment) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        form.put("assertion", assertion.make(moment));
        if (scope != null) {
            form.put("scope", scope);
        }
        return new Content(form, null, subject);
    }
}
