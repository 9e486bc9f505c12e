package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.net.tls.ExplainingTrust;
import dev.kafkaboot.client.security.SslContextSource;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** TLS contexts of an SSL bundle: when it is reloaded, the next connection has a new one. A reload that brings nothing usable leaves the last one in use. */
final class BundleSslContextSource implements SslContextSource {

    private final String name;
    private volatile SSLContext context;

    /**
     * Takes the bundle of a name.
     *
     * @throws org.springframework.boot.ssl.NoSuchSslBundleException if there is none
     * @throws IllegalStateException if its keys or certificates cannot be used
     */
    BundleSslContextSource(String name, SslBundles bundles) {
        this.name = name;
        this.context = contextOf(bundles.getBundle(name));
        bundles.addBundleUpdateHandler(name, this::reloaded);
    }

    /**
     * A context of a bundle that says in words what is wrong with a broker's certificate.
     *
     * @throws IllegalStateException if the keys or certificates cannot be used
     */
    static SSLContext contextOf(SslBundle bundle) {
        try {
            SSLContext made = SSLContext.getInstance(bundle.getProtocol());
            made.init(bundle.getManagers().getKeyManagers(), ExplainingTrust.around(bundle.getManagers().getTrustManagers()), null);
            return made;
        } catch (GeneralSecurityException unusable) {
            throw new IllegalStateException(unusable.getMessage(), unusable);
        }
    }

    private void reloaded(SslBundle bundle) {
        context = contextOf(bundle); // what it throws is told in the log by whoever reloads
    }

    @Override
    public SSLContext context() {
        return context;
    }

    @Override
    public String toString() {
        return "SSL bundle '" + name + "'";
    }
}
