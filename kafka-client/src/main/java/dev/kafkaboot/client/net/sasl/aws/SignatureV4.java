package dev.kafkaboot.client.net.sasl.aws;

import dev.kafkaboot.client.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a request as AWS wants it, version 4.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS's description</a>
 */
final class SignatureV4 {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String UNRESERVED = "-._~";
    private static final int DATE_LENGTH = 8;

    private final String region;
    private final String service;
    private final String timestamp;

    SignatureV4(String region, String service, Instant now) {
        this.region = region;
        this.service = service;
        this.timestamp = TIMESTAMP.format(now);
    }

    /** The time of signing. */
    String timestamp() {
        return timestamp;
    }

    private String date() {
        return timestamp.substring(0, DATE_LENGTH);
    }

    /** What the signature is good for. */
    String scope() {
        return date() + "/" + region + "/" + service + "/aws4_request";
    }

    /**
     * The signature of a GET without a body.
     *
     * @param path as it stands in the request
     * @param query names and values, not encoded yet
     * @param headers names in lower case, with values
     */
    String ofGet(String path, Map<String, String> query, Map<String, String> headers, Secret key) {
        Map<String, String> sorted = new TreeMap<>(headers);
        String canonical = "GET\n" + path + "\n" + canonicalQuery(query) + "\n"
                + sorted.entrySet().stream().map(header -> header.getKey() + ":" + header.getValue().strip() + "\n").collect(Collectors.joining())
                + "\n" + String.join(";", sorted.keySet()) + "\n" + hex(sha256(""));
        String toSign = ALGORITHM + "\n" + timestamp + "\n" + scope() + "\n" + hex(sha256(canonical));
        return hex(hmac(signingKey(key), toSign));
    }

    private static String canonicalQuery(Map<String, String> query) {
        Map<String, String> encoded = new TreeMap<>();
        query.forEach((name, value) -> encoded.put(encoded(name), encoded(value)));
        return encoded.entrySet().stream().map(field -> field.getKey() + "=" + field.getValue()).collect(Collectors.joining("&"));
    }

    /** As RFC 3986 has it, which is not what {@link java.net.URLEncoder} does. */
    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean isPlain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || UNRESERVED.indexOf(c) >= 0;
            encoded.append(isPlain ? String.valueOf(c) : "%" + HexFormat.of().withUpperCase().toHexDigits(b));
        }
        return encoded.toString();
    }

    private byte[] signingKey(Secret key) {
        byte[] dateKey = hmac(("AWS4" + key.reveal()).getBytes(StandardCharsets.UTF_8), date());
        return hmac(hmac(hmac(dateKey, region), service), "aws4_request");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
