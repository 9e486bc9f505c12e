package dev.kafkaboot.client.net.tls;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a broker's alert means, by the names that they have in RFC 8446 and RFC 5246.
 *
 * @param isAboutCertificate whether it is the client's certificate, or the lack of one, that the broker does not accept
 * @param meaning the end of a sentence that begins with the broker's name
 */
record Alert(boolean isAboutCertificate, String meaning) {

    /** How the JVM's own TLS says it. */
    private static final Pattern RECEIVED = Pattern.compile("Received fatal alert: (\\w+)");

    /**
     * The alert that a failure tells of, or null if it does not tell of one.
     *
     * @param shown the client's certificate as it was shown to the broker, or null if none was
     * @param hasOne whether the client is configured with one
     * @param isAgreed whether both sides had agreed on a version and a cipher suite, so that it is not for these
     */
    static @Nullable Alert in(@Nullable String message, @Nullable String shown, boolean hasOne, boolean isAgreed) {
        Matcher matcher = RECEIVED.matcher(String.valueOf(message));
        return matcher.find() ? of(matcher.group(1), shown, hasOne, isAgreed) : null;
    }

    private static Alert of(String name, @Nullable String shown, boolean hasOne, boolean isAgreed) {
        String alert = " (alert " + name + ")";
        if (name.equals("handshake_failure") && isAgreed && shown == null) { // JSSE's of a later JDK, where others say bad_certificate
            return new Alert(true, missing(hasOne) + alert);
        }
        return switch (name) {
            case "bad_certificate", "unsupported_certificate", "certificate_unknown", "access_denied" -> shown == null
                    ? new Alert(true, missing(hasOne) + alert)
                    : new Alert(true, "does not accept the client's certificate, " + shown + alert);
            case "certificate_required", "no_certificate" -> new Alert(true, missing(hasOne) + alert);
            case "certificate_expired" -> new Alert(true, "says that the client's certificate has expired: " + certificate(shown) + alert);
            case "certificate_revoked" -> new Alert(true, "says that the client's certificate is revoked: " + certificate(shown) + alert);
            case "unknown_ca" -> new Alert(true, "does not know the authority of the client's certificate, " + certificate(shown) + alert);
            case "decrypt_error" -> new Alert(shown != null, "could not verify what the client signed" + alert);
            case "protocol_version" -> new Alert(false, "speaks none of the versions of TLS that are offered" + alert);
            case "handshake_failure", "insufficient_security" -> new Alert(false,
                    "accepts none of the versions and cipher suites that are offered" + (shown == null ? ", or wants a certificate of the client" : "") + alert);
            case "unrecognized_name" -> new Alert(false, "does not serve the name that it was called by" + alert);
            case "internal_error" -> new Alert(false, "had an error of its own in the TLS handshake" + alert);
            default -> new Alert(false, "ended the TLS connection with the alert " + name);
        };
    }

    private static String missing(boolean hasOne) {
        return hasOne
                ? "wants a certificate of an authority that it trusts, and the one in ssl.keystore is of another, so it was not shown"
                : "wants a certificate of the client, and there is none: ssl.keystore.* is not configured";
    }

    private static String certificate(@Nullable String shown) {
        return shown == null ? "none was shown" : shown;
    }
}
