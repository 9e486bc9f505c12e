package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.HostPort;
import dev.kafkaboot.client.Secret;
import dev.kafkaboot.client.proxy.ProxyCredentials;
import dev.kafkaboot.client.proxy.ProxyProtocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A proxy as {@code proxy.url} names it. Prints without its credentials.
 *
 * @param protocol what is spoken with it
 * @param host its name or address
 * @param port its port
 * @param credentials null if there are none
 */
record ProxyUrl(ProxyProtocol protocol, String host, int port, @Nullable ProxyCredentials credentials) {

    private static final String SCHEME_END = "://";

    /**
     * Reads one.
     *
     * @param protocols by scheme
     * @throws IllegalArgumentException if it cannot be used; the message says what would be right, and nothing of the credentials
     */
    static ProxyUrl parse(String text, Map<String, ProxyProtocol> protocols) {
        int schemeEnd = text.indexOf(SCHEME_END);
        if (schemeEnd <= 0) {
            throw new IllegalArgumentException("it must be scheme://host:port, and the scheme one of " + List.copyOf(protocols.keySet()));
        }
        ProxyProtocol protocol = protocols.get(text.substring(0, schemeEnd));
        if (protocol == null) {
            throw new IllegalArgumentException("the scheme must be one of " + List.copyOf(protocols.keySet()));
        }
        String rest = text.substring(schemeEnd + SCHEME_END.length());
        int credentialsEnd = rest.lastIndexOf('@'); // the last: passwords are not always encoded as they should be
        ProxyCredentials credentials = credentialsEnd < 0 ? null : credentials(rest.substring(0, credentialsEnd));
        String objection = protocol.objection(credentials);
        if (objection != null) {
            throw new IllegalArgumentException(objection);
        }
        HostPort address = address(rest.substring(credentialsEnd + 1), protocol.defaultPort());
        return new ProxyUrl(protocol, address.host(), address.port(), credentials);
    }

    private static HostPort address(String text, int defaultPort) {
        String address = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        if (address.chars().anyMatch(character -> "/?#".indexOf(character) >= 0)) {
            throw new IllegalArgumentException("nothing may follow the proxy's port");
        }
        if (address.isEmpty()) {
            throw new IllegalArgumentException("the proxy's host is missing");
        }
        boolean hasPort = address.lastIndexOf(':') > address.lastIndexOf(']');
        return hasPort ? HostPort.parse(address) : new HostPort(HostPort.host(address), defaultPort);
    }

    private static @Nullable ProxyCredentials credentials(String text) {
        if (text.isEmpty()) {
            return null;
        }
        int colon = text.indexOf(':');
        String user = colon < 0 ? text : text.substring(0, colon);
        return new ProxyCredentials(decode(user), Secret.of(colon < 0 ? "" : decode(text.substring(colon + 1))));
    }

    /** Decodes what is percent-encoded. A plus sign is one: this is not a form. */
    private static String decode(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length);
        int i = 0;
        while (i < encoded.length) {
            boolean escaped = encoded[i] == '%';
            bytes.write(escaped ? octet(encoded, i + 1) : encoded[i]);
            i += escaped ? 3 : 1;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw badEncoding();
        }
    }

    private static int octet(byte[] text, int index) {
        int high = index + 1 < text.length ? Character.digit(text[index], 16) : -1;
        int low = index + 1 < text.length ? Character.digit(text[index + 1], 16) : -1;
        if (high < 0 || low < 0) {
            throw badEncoding();
        }
        return high << 4 | low;
    }

    private static IllegalArgumentException badEncoding() {
        return new IllegalArgumentException("user and password must be percent-encoded UTF-8: a '%' is written as %25");
    }

    /** A URL, however malformed, with {@code ****} where credentials stand or may be meant. */
    static String withoutCredentials(String text) {
        int end = text.lastIndexOf('@');
        if (end < 0) {
            return text;
        }
        int schemeEnd = text.indexOf(SCHEME_END);
        return (schemeEnd >= 0 && schemeEnd < end ? text.substring(0, schemeEnd + SCHEME_END.length()) : "") + "****" + text.substring(end);
    }

    @Override
    public String toString() {
        return protocol.scheme().toLowerCase(Locale.ROOT) + SCHEME_END + new HostPort(host, port);
    }
}
