package dev.kafkaboot.client.net.tls;

import java.security.cert.CertificateException;

/** The client does not trust a broker; the message says why, as the end of a sentence that begins with the broker's name. */
final class UntrustedCertificateException extends CertificateException {

    private static final long serialVersionUID = 1L;

    UntrustedCertificateException(String message, CertificateException cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
