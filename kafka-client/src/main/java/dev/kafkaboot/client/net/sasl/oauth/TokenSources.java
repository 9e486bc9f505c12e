package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.LoginConfig;
import dev.kafkaboot.client.OAuthConfig;
import dev.kafkaboot.client.net.sasl.fetch.CredentialSource;
import dev.kafkaboot.client.net.sasl.fetch.HttpFetch;
import dev.kafkaboot.client.security.OAuthToken;
import dev.kafkaboot.client.security.OAuthTokenSupplier;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chooses by the configuration where tokens come from. */
final class TokenSources {

    private TokenSources() {}

    static CredentialSource<OAuthToken> of(ClientConfig config, Map<String, String> jaasOptions) {
        Map<String, String> extensions = Extensions.of(config, jaasOptions);
        OAuthTokenSupplier supplier = config.find(OAuthConfig.TOKEN_SUPPLIER);
        CredentialSource<OAuthToken> source = supplier == null ? configured(config, jaasOptions) : moment -> supplied(supplier);
        return extensions.isEmpty() ? source : source.changed(token -> token.extensions().isEmpty() ? token.withExtensions(extensions) : token);
    }

    @SuppressWarnings("ConstantValue") // not everybody compiles with the annotations of null
    private static OAuthToken supplied(OAuthTokenSupplier supplier) {
        OAuthToken token;
        try {
            token = supplier.token();
        } catch (KafkaException known) {
            throw known;
        } catch (Exception failure) {
            throw new CredentialsUnavailableException("The token supplier failed: " + failure, failure);
        }
        if (token == null) {
            throw new AuthenticationException("The token supplier " + supplier.getClass().getName() + " answered null");
        }
        return token;
    }

    private static CredentialSource<OAuthToken> configured(ClientConfig config, Map<String, String> jaasOptions) {
        String url = config.find(OAuthConfig.TOKEN_ENDPOINT_URL);
        if (url == null) {
            throw new ConfigException(OAuthConfig.TOKEN_ENDPOINT_URL.name(), "(not given)", "OAUTHBEARER needs this or "
                    + OAuthConfig.TOKEN_SUPPLIER.name() + ", so that there is a token");
        }
        TokenParser parser = new TokenParser(config.get(OAuthConfig.SUB_CLAIM_NAME), config.get(OAuthConfig.SCOPE_CLAIM_NAME));
        URI endpoint = TokenUrl.parse(url);
        boolean isFile = "file".equals(endpoint.getScheme());
        OAuthConfig.Grant grant = config.get(OAuthConfig.GRANT);
        if (isFile != (grant == OAuthConfig.Grant.FILE) && grant != OAuthConfig.Grant.DEFAULT) {
            throw new ConfigException(OAuthConfig.TOKEN_ENDPOINT_URL.name(), url, isFile
                    ? "a file is read only if " + OAuthConfig.GRANT.name() + " is default or file"
                    : "it must be a file URL because " + OAuthConfig.GRANT.name() + " is file");
        }
        if (isFile) {
            return new FileTokenSource(TokenUrl.file(endpoint), parser);
        }
        TokenUrl.requireSafe(endpoint, config.get(OAuthConfig.ALLOW_INSECURE_URL));
        HttpFetch http = HttpFetch.of(
                config.get(LoginConfig.CONNECT_TIMEOUT), config.get(LoginConfig.READ_TIMEOUT), config.find(OAuthConfig.SSL_CONTEXT));
        GrantRequest request = grant == OAuthConfig.Grant.JWT_BEARER
                ? JwtBearerGrant.of(config, jaasOptions)
                : ClientCredentialsGrant.of(config, jaasOptions);
        return new TokenEndpoint(endpoint, http, request, parser);
    }

    /** A key's value, or the option of {@code sasl.jaas.config} that it had before KIP-1139. */
    static @Nullable String orOption(@Nullable String value, Map<String, String> jaasOptions, String option) {
        return value == null ? jaasOptions.get(option) : value;
    }
}
