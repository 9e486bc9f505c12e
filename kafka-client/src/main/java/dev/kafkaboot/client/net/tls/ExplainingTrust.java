package dev.kafkaboot.client.net.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts whom another trusts, and says in words why it does not trust the rest. */
public final class ExplainingTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager judge;

    private ExplainingTrust(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    /**
     * Trust managers that trust whom these do and say why they do not trust others: for an {@link javax.net.ssl.SSLContext} that a program makes itself, so that
     * its errors name the certificate, what is wrong with it, and what was expected. Managers that do not know of connections stay as they are.
     */
    public static TrustManager[] around(TrustManager[] managers) {
        TrustManager[] explaining = managers.clone();
        for (int i = 0; i < explaining.length; i++) {
            if (explaining[i] instanceof X509ExtendedTrustManager judge && !(judge instanceof ExplainingTrust)) {
                explaining[i] = new ExplainingTrust(judge);
            }
        }
        return explaining;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        try {
            judge.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException refusal) {
            throw new UntrustedCertificateException(CertificateFaults.of(chain, refusal, () -> isTrusted(chain, authType), engine.getPeerHost()), refusal);
        }
    }

    /** Whether nothing is wrong but the name, or what the connection asks for. */
    private boolean isTrusted(X509Certificate[] chain, String authType) {
        try {
            judge.checkServerTrusted(chain, authType);
            return true;
        } catch (CertificateException refusal) {
            return false;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        judge.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        judge.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        judge.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
