package dev.kafkaboot.client.net.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** Makes X.509 certificates as a test wants them: right, or wrong in one way. */
final class Certificates {

    static final String SERVER_USE = "06082b06010505070301";
    static final String CLIENT_USE = "06082b06010505070302";

    private static final byte[] SHA256_WITH_ECDSA = HexFormat.of().parseHex("300a06082a8648ce3d040302");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static int serial = 0x1000;

    private final String subject;
    private final List<byte[]> names = new ArrayList<>();
    private Instant from = Instant.now().minus(1, ChronoUnit.DAYS);
    private Instant until = Instant.now().plus(30, ChronoUnit.DAYS);
    private String use = "";
    private boolean authority;

    private Certificates(String subject) {
        this.subject = subject;
    }

    /** A key with its certificate, and those above it but for the root, which a peer has or has not. */
    record Identity(PrivateKey key, List<X509Certificate> chain) {

        X509Certificate own() {
            return chain.get(0);
        }

        String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        String chainPem() {
            StringBuilder text = new StringBuilder();
            chain.forEach(certificate -> text.append(Certificates.pem(certificate)));
            return text.toString();
        }
    }

    static Certificates named(String subject) {
        return new Certificates(subject);
    }

    Certificates forHosts(String... hosts) {
        for (String host : hosts) {
            names.add(Der.write(0x82, host.getBytes(StandardCharsets.US_ASCII)));
        }
        return this;
    }

    Certificates forAddress(int... address) {
        byte[] bytes = new byte[address.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) address[i];
        }
        names.add(Der.write(0x87, bytes));
        return this;
    }

    Certificates valid(Instant begin, Instant end) {
        from = begin;
        until = end;
        return this;
    }

    Certificates onlyFor(String extendedUse) {
        use = extendedUse;
        return this;
    }

    Certificates asAuthority() {
        authority = true;
        return this;
    }

    Identity selfSigned() {
        KeyPair pair = newPair();
        return new Identity(pair.getPrivate(), List.of(sign(pair, "CN=" + subject, pair.getPrivate())));
    }

    Identity issuedBy(Identity issuer) {
        KeyPair pair = newPair();
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(sign(pair, issuer.own().getSubjectX500Principal().getName(), issuer.key));
        issuer.chain.stream().filter(above -> !above.getIssuerX500Principal().equals(above.getSubjectX500Principal())).forEach(chain::add);
        return new Identity(pair.getPrivate(), chain);
    }

    private static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private X509Certificate sign(KeyPair pair, String issuer, PrivateKey signer) {
        byte[] body = Der.write(Der.SEQUENCE,
                Der.write(0xa0, new byte[] {2, 1, 2}),
                Der.write(Der.INTEGER, number()),
                SHA256_WITH_ECDSA,
                new X500Principal(issuer).getEncoded(),
                Der.write(Der.SEQUENCE, time(from), time(until)),
                new X500Principal("CN=" + subject).getEncoded(),
                pair.getPublic().getEncoded(),
                Der.write(0xa3, Der.write(Der.SEQUENCE, extensions())));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(signer);
            signature.update(body);
            byte[] whole = Der.write(Der.SEQUENCE, body, SHA256_WITH_ECDSA, Der.write(0x03, new byte[1], signature.sign()));
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static synchronized byte[] number() {
        serial++;
        return new byte[] {(byte) (serial >> 8), (byte) serial};
    }

    private static byte[] time(Instant time) {
        return Der.write(0x18, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    private byte[][] extensions() {
        List<byte[]> all = new ArrayList<>();
        if (authority) {
            all.add(extension("0603551d13", Der.write(Der.SEQUENCE, new byte[] {1, 1, (byte) 0xff})));
        }
        if (!names.isEmpty()) {
            all.add(extension("0603551d11", Der.write(Der.SEQUENCE, names.toArray(byte[][]::new))));
        }
        if (!use.isEmpty()) {
            all.add(extension("0603551d25", Der.write(Der.SEQUENCE, HexFormat.of().parseHex(use))));
        }
        all.add(extension("0603551d0e", Der.write(Der.OCTET_STRING, subject.getBytes(StandardCharsets.UTF_8))));
        return all.toArray(byte[][]::new);
    }

    private static byte[] extension(String identifier, byte[] value) {
        return Der.write(Der.SEQUENCE, HexFormat.of().parseHex(identifier), Der.write(Der.OCTET_STRING, value));
    }

    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
