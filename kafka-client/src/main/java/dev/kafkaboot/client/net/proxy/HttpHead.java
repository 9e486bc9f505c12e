package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.proxy.ProxyException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of an answer in HTTP: the status line, and of the fields those that matter here.
 *
 * @param code the status
 * @param reason what the server says to it; may be empty
 * @param challenges the ways of authentication that are wanted, with what they say of themselves
 * @param textLength how long the body is if it is a plain text, else 0
 */
record HttpHead(int code, String reason, List<String> challenges, int textLength) {

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.\\d (\\d{3})(?: (.*))?");
    private static final int UNAUTHORIZED = 401; // what tinyproxy says of a wrong password
    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;
    private static final int LENGTH_DIGITS_MAX = 9;

    /**
     * Reads one; null, and nothing is read, if its end has not come yet.
     *
     * @param told makes the server's words fit for a message
     */
    static @Nullable HttpHead read(ByteBuffer received, UnaryOperator<String> told) throws ProxyException {
        int end = end(received);
        if (end < 0) {
            return null;
        }
        byte[] bytes = new byte[end - received.position()];
        received.get(bytes);
        return parse(List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\r?\n")), told);
    }

    /** The position behind the empty line, or -1. A line may end without the carriage return (RFC 9112, 2.2). */
    private static int end(ByteBuffer received) {
        boolean isEmptyLine = false;
        for (int i = received.position(); i < received.limit(); i++) {
            byte next = received.get(i);
            if (next == '\n' && isEmptyLine) {
                return i + 1;
            }
            isEmptyLine = next == '\n' || isEmptyLine && next == '\r';
        }
        return -1;
    }

    private static HttpHead parse(List<String> lines, UnaryOperator<String> told) throws ProxyException {
        Matcher status = STATUS_LINE.matcher(lines.get(0));
        if (!status.matches()) {
            throw new ProxyException("answered with what is no status line of HTTP/1: '" + told.apply(lines.get(0)) + "'");
        }
        List<String> challenges = new ArrayList<>();
        boolean isText = false;
        int length = 0;
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "proxy-authenticate" -> challenges.add(value);
                case "content-type" -> isText = value.toLowerCase(Locale.ROOT).startsWith("text/plain");
                case "content-length" -> length = length(value);
                default -> { /* of no interest */ }
            }
        }
        String reason = status.group(2) == null ? "" : status.group(2).strip();
        return new HttpHead(Integer.parseInt(status.group(1)), reason, List.copyOf(challenges), isText ? length : 0);
    }

    private static int length(String value) {
        return value.length() <= LENGTH_DIGITS_MAX && value.matches("[0-9]+") ? Integer.parseInt(value) : 0;
    }

    boolean isInterim() {
        return code < 200;
    }

    boolean isSuccess() {
        return code >= 200 && code < 300;
    }

    boolean wantsAuthentication() {
        return code == PROXY_AUTHENTICATION_REQUIRED || code == UNAUTHORIZED;
    }

    boolean wantsOnlyOthersThanBasic() {
        return !challenges.isEmpty() && challenges.stream().noneMatch(challenge -> challenge.toLowerCase(Locale.ROOT).startsWith("basic"));
    }

    /** The status as it was sent. */
    String status() {
        return reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
    }
}
