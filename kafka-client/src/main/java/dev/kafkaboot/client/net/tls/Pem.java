package dev.kafkaboot.client.net.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a PEM text (RFC 7468), in order. Text around them is comment. Line breaks are not needed, because a text that went through a properties file or an
 * environment variable may have lost them.
 *
 * @param label what it is, such as CERTIFICATE
 * @param isEncryptedOpenSsl whether it has the headers of OpenSSL's own old encryption
 * @param der the bytes; empty if it is encrypted in that way
 */
record Pem(String label, boolean isEncryptedOpenSsl, byte[] der) {

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

    /**
     * Takes a text apart.
     *
     * @throws IllegalArgumentException if a part has no end or is not in Base64; the message says which
     */
    static List<Pem> parse(String text) {
        List<Pem> parts = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text);
        int from = 0;
        while (begin.find(from)) {
            String label = begin.group(1);
            String endMark = "-----END " + label + "-----";
            int end = text.indexOf(endMark, begin.end());
            if (end < 0) {
                throw new IllegalArgumentException("the " + label + " that is number " + (parts.size() + 1) + " has no line " + endMark);
            }
            parts.add(part(label, text.substring(begin.end(), end), parts.size() + 1));
            from = end + endMark.length();
        }
        return parts;
    }

    private static Pem part(String label, String body, int number) {
        if (body.contains("Proc-Type:") && body.contains("ENCRYPTED")) {
            return new Pem(label, true, new byte[0]);
        }
        try {
            return new Pem(label, false, Base64.getDecoder().decode(body.replaceAll("\\s|\\\\n", "")));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("the " + label + " that is number " + number + " is not Base64", wrong);
        }
    }

    boolean isCertificate() {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE") || label.equals("TRUSTED CERTIFICATE");
    }

    boolean isPrivateKey() {
        return label.endsWith("PRIVATE KEY");
    }

    /**
     * The certificates among the parts.
     *
     * @throws IllegalArgumentException if one cannot be read; the message says which
     */
    static List<X509Certificate> certificates(List<Pem> parts) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem part : parts) {
            if (part.isCertificate()) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(part.der)));
                } catch (CertificateException wrong) {
                    throw new IllegalArgumentException("certificate number " + (certificates.size() + 1) + " cannot be read: " + wrong.getMessage(), wrong);
                }
            }
        }
        return certificates;
    }
}
