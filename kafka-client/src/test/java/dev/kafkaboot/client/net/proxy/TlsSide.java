package dev.kafkaboot.client.net.proxy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server's side of TLS, for b1.invalid, localhost and 127.0.0.1, with a certificate that it has issued itself and that is of no other use. */
final class TlsSide {

    /** What has to be trusted. */
    static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBbTCCARKgAwIBAgIJAJXgqlWgoNRjMAoGCCqGSM49BAMCMBUxEzARBgNVBAMT
            CmIxLmludmFsaWQwIBcNMjAwMTAxMDAwMDAwWhgPMjExOTEyMDgwMDAwMDBaMBUx
            EzARBgNVBAMTCmIxLmludmFsaWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT0
            nq6WuDjl5TXsy9mclji1xvmFb0u1IvMi7R+trOHTLLOTf5ZF+kggwiTpE8fHXpFL
            RhHetd8+1OGJ3KMYjKMvo0kwRzAdBgNVHQ4EFgQU460tvDiTAuwScuvWWloI4C+T
            3YQwJgYDVR0RBB8wHYIKYjEuaW52YWxpZIIJbG9jYWxob3N0hwR/AAABMAoGCCqG
            SM49BAMCA0kAMEYCIQDIikSvtzb4Y+7x5FS+Ka/yIBGoJN+45hAY9gvVKWKZmQIh
            AKe05vCRzDOiivSlr/VhIoM29yMgGiyJ8M/lgCPQvaFU
            -----END CERTIFICATE-----
            """;

    private static final String KEY = "MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCCsnboECzsKQgU8b6ZP"
            + "NcYp76VP99lrazCGduZzN37P9g==";

    private TlsSide() {}

    /** Begins TLS on a connection that was accepted. */
    static Socket accept(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) Context.SERVER.getSocketFactory().createSocket(plain, null, plain.getPort(), /* autoClose= */ true);
        socket.setUseClientMode(false);
        return socket;
    }

    private static final class Context {

        static final SSLContext SERVER = server();

        private static SSLContext server() {
            try {
                PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(KEY)));
                Certificate certificate = CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(CERTIFICATE.getBytes(StandardCharsets.US_ASCII)));
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("server", key, new char[0], new Certificate[] {certificate});
                KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(store, new char[0]);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(keys.getKeyManagers(), null, null);
                return context;
            } catch (GeneralSecurityException | IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
