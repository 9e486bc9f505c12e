package dev.kafkaboot.client.net.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The server's side of a TLS channel, as the JVM has it: bytes in, bytes out. */
final class TlsServer {

    private static final char[] NO_PASSWORD = {};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private @Nullable SSLException failure;

    TlsServer(SSLEngine engine) {
        this.engine = engine;
        engine.setUseClientMode(false);
    }

    /** A context of a server, or of a client. */
    static SSLContext context(Certificates.@Nullable Identity identity, X509Certificate... trusted) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(identity), NO_PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore authorities = store(null);
            for (int i = 0; i < trusted.length; i++) {
                authorities.setCertificateEntry("authority-" + i, trusted[i]);
            }
            trust.init(authorities);
            context.init(keys.getKeyManagers(), trusted.length == 0 ? null : trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static KeyStore store(Certificates.@Nullable Identity identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (identity != null) {
            store.setKeyEntry("key", identity.key(), NO_PASSWORD, identity.chain().toArray(Certificate[]::new));
        }
        return store;
    }

    SSLEngine engine() {
        return engine;
    }

    /** Takes what the client sent, and does all that can be done with it. */
    void receive(byte[] bytes) {
        ByteBuffer both = ByteBuffer.allocate(unread.remaining() + bytes.length);
        unread = both.put(unread).put(bytes).flip();
        run();
    }

    void run() {
        try {
            boolean goesOn;
            do {
                goesOn = step();
            } while (goesOn);
        } catch (SSLException broken) {
            failure = broken;
            wrapAlert();
        }
    }

    private void wrapAlert() {
        try {
            int produced;
            do {
                produced = wrap(NOTHING).bytesProduced();
            } while (produced > 0);
        } catch (SSLException nothingMore) {
            // it has said what it had to say
        }
    }

    private boolean step() throws SSLException {
        return switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
                yield true;
            }
            case NEED_WRAP -> wrap(NOTHING).bytesProduced() > 0;
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> unwrap();
        };
    }

    private boolean unwrap() throws SSLException {
        ByteBuffer target = ByteBuffer.allocate(64 * 1024);
        SSLEngineResult result = engine.unwrap(unread, target);
        plain.write(target.array(), 0, target.position());
        return result.getStatus() == Status.OK && (result.bytesConsumed() > 0 || result.bytesProduced() > 0);
    }

    private SSLEngineResult wrap(ByteBuffer source) throws SSLException {
        ByteBuffer target = ByteBuffer.allocate(64 * 1024);
        SSLEngineResult result = engine.wrap(source, target);
        records.write(target.array(), 0, target.position());
        return result;
    }

    /** Sends plain bytes. */
    void send(byte[] bytes) {
        try {
            ByteBuffer source = ByteBuffer.wrap(bytes);
            while (source.hasRemaining()) {
                wrap(source);
            }
        } catch (SSLException broken) {
            throw new AssertionError(broken);
        }
    }

    /** Says that it sends no more. */
    void close() {
        engine.closeOutbound();
        wrapAlert();
    }

    byte[] takeRecords() {
        byte[] bytes = records.toByteArray();
        records.reset();
        return bytes;
    }

    /** What it has read, all of it. */
    byte[] received() {
        return plain.toByteArray();
    }

    /** Why it gave up, or null. */
    @Nullable SSLException failure() {
        return failure;
    }
}
