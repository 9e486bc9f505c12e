package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.OAuthConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;

/** Reads {@code sasl.oauthbearer.token.endpoint.url} and refuses what would give secrets away. */
final class TokenUrl {

    private TokenUrl() {}

    static URI parse(String text) {
        try {
            URI url = new URI(text);
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            boolean web = scheme.equals("https") || scheme.equals("http");
            if (scheme.equals("file") || web && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null) {
                return scheme.equals(url.getScheme()) ? url : new URI(scheme + text.substring(scheme.length()));
            }
        } catch (URISyntaxException notOne) {
            // Told below, without the text around it, which may hold a password.
        }
        throw new ConfigException(OAuthConfig.TOKEN_ENDPOINT_URL.name(), shown(text), "it must be an https or file URL, without user name or fragment");
    }

    /** Up to the last {@code @}, because what is refused may be a password that should have been encoded. */
    private static String shown(String text) {
        int end = text.lastIndexOf('@');
        if (end < 0) {
            return text;
        }
        int schemeEnd = text.indexOf("://");
        return (schemeEnd >= 0 && schemeEnd < end ? text.substring(0, schemeEnd + 3) : "") + "****" + text.substring(end);
    }

    static Path file(URI url) {
        try {
            return Path.of(url);
        } catch (RuntimeException notAFile) { // IllegalArgumentException, FileSystemNotFoundException or SecurityException
            throw new ConfigException(OAuthConfig.TOKEN_ENDPOINT_URL.name(), url, "it must name a file on this machine, as file:///path does");
        }
    }

    static void requireSafe(URI url, boolean allowInsecure) {
        if (url.getScheme().equals("http") && !allowInsecure && !isLoopback(url.getHost())) {
            throw new ConfigException(OAuthConfig.TOKEN_ENDPOINT_URL.name(), url,
                    "it must be https, or others can read the client's secret and its tokens (" + OAuthConfig.ALLOW_INSECURE_URL.name() + " allows it)");
        }
    }

    /** By the name alone, so that no name service is asked and none is believed. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
    }
}
