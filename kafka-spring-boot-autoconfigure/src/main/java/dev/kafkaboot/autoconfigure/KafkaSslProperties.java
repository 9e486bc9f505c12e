package dev.kafkaboot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

/** The {@code ssl.*} properties of all clients, or of one kind of them. */
public class KafkaSslProperties {

    /** Name of the SSL bundle to use, in place of all other properties of this group. When the bundle is reloaded, connections that are made from then on use it. */
    private @Nullable String bundle;

    /** Password of the private key. */
    private @Nullable String keyPassword;

    /** Certificate chain in PEM, with the certificates of whoever signed it. */
    private @Nullable String keyStoreCertificateChain;

    /** Private key in PEM (PKCS#8). */
    private @Nullable String keyStoreKey;

    /** Location of the key store. */
    private @Nullable Resource keyStoreLocation;

    /** Password of the key store. */
    private @Nullable String keyStorePassword;

    /** Type of the key store: JKS, PKCS12 or PEM. */
    private @Nullable String keyStoreType;

    /** TLS protocol to use. */
    private @Nullable String protocol;

    /** Trusted certificates in PEM. */
    private @Nullable String trustStoreCertificates;

    /** Location of the trust store. */
    private @Nullable Resource trustStoreLocation;

    /** Password of the trust store. */
    private @Nullable String trustStorePassword;

    /** Type of the trust store: JKS, PKCS12 or PEM. */
    private @Nullable String trustStoreType;

    public @Nullable String getBundle() {
        return bundle;
    }

    public void setBundle(@Nullable String bundle) {
        this.bundle = bundle;
    }

    public @Nullable String getKeyPassword() {
        return keyPassword;
    }

    public void setKeyPassword(@Nullable String keyPassword) {
        this.keyPassword = keyPassword;
    }

    public @Nullable String getKeyStoreCertificateChain() {
        return keyStoreCertificateChain;
    }

    public void setKeyStoreCertificateChain(@Nullable String keyStoreCertificateChain) {
        this.keyStoreCertificateChain = keyStoreCertificateChain;
    }

    public @Nullable String getKeyStoreKey() {
        return keyStoreKey;
    }

    public void setKeyStoreKey(@Nullable String keyStoreKey) {
        this.keyStoreKey = keyStoreKey;
    }

    public @Nullable Resource getKeyStoreLocation() {
        return keyStoreLocation;
    }

    public void setKeyStoreLocation(@Nullable Resource keyStoreLocation) {
        this.keyStoreLocation = keyStoreLocation;
    }

    public @Nullable String getKeyStorePassword() {
        return keyStorePassword;
    }

    public void setKeyStorePassword(@Nullable String keyStorePassword) {
        this.keyStorePassword = keyStorePassword;
    }

    public @Nullable String getKeyStoreType() {
        return keyStoreType;
    }

    public void setKeyStoreType(@Nullable String keyStoreType) {
        this.keyStoreType = keyStoreType;
    }

    public @Nullable String getProtocol() {
        return protocol;
    }

    public void setProtocol(@Nullable String protocol) {
        this.protocol = protocol;
    }

    public @Nullable String getTrustStoreCertificates() {
        return trustStoreCertificates;
    }

    public void setTrustStoreCertificates(@Nullable String trustStoreCertificates) {
        this.trustStoreCertificates = trustStoreCertificates;
    }

    public @Nullable Resource getTrustStoreLocation() {
        return trustStoreLocation;
    }

    public void setTrustStoreLocation(@Nullable Resource trustStoreLocation) {
        this.trustStoreLocation = trustStoreLocation;
    }

    public @Nullable String getTrustStorePassword() {
        return trustStorePassword;
    }

    public void setTrustStorePassword(@Nullable String trustStorePassword) {
        this.trustStorePassword = trustStorePassword;
    }

    public @Nullable String getTrustStoreType() {
        return trustStoreType;
    }

    public void setTrustStoreType(@Nullable String trustStoreType) {
        this.trustStoreType = trustStoreType;
    }
}
