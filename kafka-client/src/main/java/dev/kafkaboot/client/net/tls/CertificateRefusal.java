package dev.kafkaboot.client.net.tls;

import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a peer's certificate was refused here, out of what a handshake failed with. The texts continue a sentence that begins with the peer's name. */
public final class CertificateRefusal {

    private CertificateRefusal() {}

    /** The reason, as good as it can be told; null if the failure is about no certificate of the peer's. */
    public static @Nullable String in(Throwable failure) {
        String explained = explained(failure);
        if (explained != null) {
            return explained;
        }
        CertificateException refusal = find(failure, CertificateException.class);
        return refusal == null ? null : "showed a certificate that is not trusted: " + ofUnknownJudge(refusal);
    }

    /** The reason that {@link ExplainingTrust} gave; null if it was not at work. */
    static @Nullable String explained(Throwable failure) {
        UntrustedCertificateException untrusted = find(failure, UntrustedCertificateException.class);
        return untrusted == null ? null : untrusted.getMessage();
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    /** The trust manager is the user's or the JVM's, so the chain is known only if the JVM's verification was at work. */
    private static String ofUnknownJudge(CertificateException refusal) {
        CertPathValidatorException path = find(refusal, CertPathValidatorException.class);
        if (path != null && path.getCertPath() != null) {
            List<? extends Certificate> certificates = path.getCertPath().getCertificates();
            int index = Math.max(0, path.getIndex());
            if (index < certificates.size() && certificates.get(index) instanceof X509Certificate certificate) {
                String outOfTime = CertificateFaults.outOfTime(certificate);
                return CertificateFaults.name(certificate) + ": " + (outOfTime == null ? path.getMessage() : "it " + outOfTime);
            }
        }
        return String.valueOf(refusal.getMessage());
    }
}
