package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.SslAuthenticationException;
import dev.kafkaboot.client.net.ConnectionProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Says in the user's terms why a TLS connection to one broker failed. */
final class TlsFailures {

    /** What there is before anything is agreed on. */
    private static final String NO_CIPHER_SUITE = "SSL_NULL_WITH_NULL_NULL";

    private static final int FIRST_TYPE = 0x14;
    private static final int LAST_TYPE = 0x18;
    private static final int MAJOR = 3;
    private static final int SHOWN = 80;

    private final String broker;
    private final TlsSettings settings;
    private @Nullable X509Certificate shown;
    private boolean isAgreed;

    /**
     * Makes one.
     *
     * @param broker its address, as {@code host:port}
     */
    TlsFailures(String broker, TlsSettings settings) {
        this.broker = broker;
        this.settings = settings;
    }

    /** What came instead of a connection: an {@link SslAuthenticationException} if it is for a certificate, else a {@link ConnectionProblem}. */
    Throwable explain(Throwable failure) {
        if (failure instanceof ConnectionProblem || failure instanceof AuthenticationException) {
            return failure;
        }
        String explained = CertificateRefusal.explained(failure);
        if (explained != null) {
            return new SslAuthenticationException(broker, explained, failure);
        }
        String message = String.valueOf(failure.getMessage());
        Alert alert = Alert.in(message, shown(), settings.hasKey(), isAgreed);
        if (alert != null) {
            return alert.isAboutCertificate()
                    ? new SslAuthenticationException(broker, alert.meaning(), failure)
                    : new ConnectionProblem(alert.meaning() + offered(), failure);
        }
        String refusal = CertificateRefusal.in(failure);
        if (refusal != null) {
            return new SslAuthenticationException(broker, refusal, failure);
        }
        if (!(failure instanceof SSLException)) {
            return failure;
        }
        return new ConnectionProblem("failed in TLS: " + message + offered(), failure);
    }

    /** As {@link #explain}, to be thrown by a channel's methods. */
    IOException explainOpen(IOException failure) {
        Throwable explained = explain(failure);
        if (explained instanceof SslAuthenticationException authentication) {
            return new ConnectionProblem(authentication.reason(), authentication);
        }
        return explained instanceof IOException known ? known : failure;
    }

    private String offered() {
        return "; offered: " + String.join(", ", settings.protocols())
                + (settings.cipherSuites().isEmpty() ? "" : " with " + String.join(", ", settings.cipherSuites()));
    }

    /** Takes note of how far it came, and of the certificate that was shown to the broker, which an engine that has failed does not tell any more. */
    void note(SSLEngine engine) {
        SSLSession agreed = engine.getHandshakeSession();
        isAgreed |= agreed != null && !agreed.getCipherSuite().equals(NO_CIPHER_SUITE);
        SSLSession session = engine.getHandshakeSession() == null ? engine.getSession() : engine.getHandshakeSession();
        Certificate[] certificates = session.getLocalCertificates();
        if (certificates != null && certificates.length > 0 && certificates[0] instanceof X509Certificate certificate) {
            shown = certificate;
        }
    }

    private @Nullable String shown() {
        return shown == null ? null : CertificateFaults.name(shown);
    }

    /** Looks at a peer's first bytes: whether it speaks TLS at all. */
    void checkFirst(ByteBuffer bytes) throws ConnectionProblem {
        int at = bytes.position();
        int type = bytes.get(at) & 0xff;
        if (type >= FIRST_TYPE && type <= LAST_TYPE && (bytes.remaining() == 1 || bytes.get(at + 1) == MAJOR)) {
            return;
        }
        String text = text(bytes);
        String but = ", but " + settings.because();
        if (text.startsWith("HTTP")) {
            throw new ConnectionProblem("answered in HTTP (\"" + text + "\"): this is a web server's port that does not speak TLS" + but);
        }
        throw new ConnectionProblem("does not speak TLS" + but + (text.length() > 3 ? "; it answered \"" + text + "\"" : ""));
    }

    private static String text(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = bytes.position(); i < Math.min(bytes.limit(), bytes.position() + SHOWN); i++) {
            char character = (char) (bytes.get(i) & 0xff);
            if (character < ' ' || character > '~') {
                break;
            }
            text.append(character);
        }
        return text.toString();
    }

    /** The stream ended, or broke, in the handshake. */
    ConnectionProblem endedInHandshake(boolean hasSeenAny) {
        return new ConnectionProblem(hasSeenAny
                ? "closed the connection in the midst of the TLS handshake"
                : "closed the connection when it was greeted in TLS; a port that does not speak TLS does that, and " + settings.because());
    }

    /** The stream ended, or broke, after the handshake and before anything was said: what refuses a certificate may do that. */
    ConnectionProblem endedFirst() {
        return new ConnectionProblem("closed the connection right after the TLS handshake; a broker that does not accept the client's certificate may do that ("
                + (shown == null ? "none was shown" : "it was shown " + shown()) + ")");
    }

    /** The stream ended without a word of TLS. */
    static ConnectionProblem cutOff() {
        return ConnectionProblem.cutOff("closed the connection without ending TLS first: the stream may have been cut off");
    }

    /** A new handshake on an open connection, which TLS 1.3 has done away with. */
    static ConnectionProblem renegotiation() {
        return new ConnectionProblem("asked to negotiate TLS anew on an open connection, which is refused");
    }
}
