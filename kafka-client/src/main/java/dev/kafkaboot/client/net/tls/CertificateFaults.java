package dev.kafkaboot.client.net.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a broker's certificates. The texts continue a sentence that begins with the broker's name. */
final class CertificateFaults {

    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USE = "2.5.29.37.0";
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int NAMES_MAX = 20;
    private static final int LENGTH_MAX = 200;
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");

    private CertificateFaults() {}

    /**
     * Why a chain was refused.
     *
     * @param refusal what the JVM says
     * @param isTrustedOtherwise whether it would be trusted if the name did not matter
     * @param host the name that was connected to
     */
    static String of(X509Certificate[] chain, CertificateException refusal, BooleanSupplier isTrustedOtherwise, @Nullable String host) {
        X509Certificate own = chain[0];
        if (isTrustedOtherwise.getAsBoolean()) { // before the times: a certificate that is sent along and not needed may have expired
            return "showed a certificate for another name: expected " + host + ", found " + names(own) + " in " + name(own) + certainly(refusal);
        }
        for (X509Certificate certificate : chain) {
            String outOfTime = outOfTime(certificate);
            if (outOfTime != null) {
                return "showed a certificate that " + outOfTime + ": " + name(certificate);
            }
        }
        String wrongUse = wrongUse(own);
        if (wrongUse != null) {
            return "showed a certificate that servers may not use: " + name(own) + ", " + wrongUse;
        }
        if (hasNoPath(refusal)) {
            return unknownAuthority(chain);
        }
        return "showed a certificate that is not trusted: " + name(own) + ": " + innermost(refusal);
    }

    /** Said only where the names agree, or one is no legal name, and the JVM has another reason. */
    private static String certainly(CertificateException refusal) {
        String message = String.valueOf(refusal.getMessage());
        return message.contains("name") ? "" : " (" + message + ")";
    }

    /** What is wrong with the time of a certificate, or null if it is valid now: by the JVM's own clock, which is what it is judged by. */
    static @Nullable String outOfTime(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return null;
        } catch (CertificateExpiredException expired) {
            return "expired at " + certificate.getNotAfter().toInstant();
        } catch (CertificateNotYetValidException early) {
            return "is not valid before " + certificate.getNotBefore().toInstant();
        }
    }

    /** A certificate's name in messages. */
    static String name(X509Certificate certificate) {
        return fit(certificate.getSubjectX500Principal().toString()) + " (issued by " + fit(certificate.getIssuerX500Principal().toString()) + ", serial number "
                + certificate.getSerialNumber().toString(16) + ")";
    }

    /** What somebody else wrote, fit for a message: without line ends and the like, and not too long. */
    private static String fit(String text) {
        String bounded = text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "...";
        return CONTROLS.matcher(bounded).replaceAll("?");
    }

    private static String unknownAuthority(X509Certificate[] chain) {
        X509Certificate last = chain[chain.length - 1];
        if (last.getIssuerX500Principal().equals(last.getSubjectX500Principal())) {
            return chain.length == 1
                    ? "showed a self-signed certificate that is not in the trust store: " + name(last)
                    : "showed a certificate of an authority that is not in the trust store: " + fit(last.getSubjectX500Principal().toString()) + " stands above " + name(chain[0]);
        }
        return "showed a certificate of an authority that is not in the trust store: " + name(chain[0])
                + (chain.length == 1 ? "; if that is an intermediate authority, the broker should send its certificate too" : "; the highest that was sent is "
                + name(last));
    }

    private static String names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                all.stream().filter(name -> name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS))
                        .forEach(name -> names.add(fit(String.valueOf(name.get(1)))));
            }
        } catch (CertificateParsingException unreadable) {
            return "no readable names";
        }
        if (names.size() > NAMES_MAX) {
            return String.join(", ", names.subList(0, NAMES_MAX)) + " and " + (names.size() - NAMES_MAX) + " more";
        }
        return names.isEmpty() ? "no subject alternative name" : String.join(", ", names);
    }

    private static @Nullable String wrongUse(X509Certificate certificate) {
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            if (uses == null || uses.contains(SERVER_AUTHENTICATION) || uses.contains(ANY_USE)) {
                return null;
            }
            return "whose extended key usage is " + (uses.equals(List.of(CLIENT_AUTHENTICATION)) ? "client authentication" : uses);
        } catch (CertificateParsingException unreadable) {
            return "whose extended key usage cannot be read";
        }
    }

    private static boolean hasNoPath(Throwable refusal) {
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException
                    || cause instanceof CertPathValidatorException found && found.getReason() == java.security.cert.PKIXReason.NO_TRUST_ANCHOR) {
                return true;
            }
        }
        return String.valueOf(refusal.getMessage()).contains("rust anchor") || String.valueOf(refusal.getMessage()).contains("No trusted certificate");
    }

    private static String innermost(Throwable refusal) {
        Throwable cause = refusal;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
