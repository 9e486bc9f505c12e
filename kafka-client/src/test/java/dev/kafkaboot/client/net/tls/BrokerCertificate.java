package dev.kafkaboot.client.net.tls;

/**
 * A certificate of a broker on loopback, and what its clients trust: for tests that are about something else.
 *
 * @param key the private key
 * @param chain the certificate
 * @param authority what clients trust; all of them as PEM
 */
public record BrokerCertificate(String key, String chain, String authority) {

    /** Makes one. */
    public static BrokerCertificate issue() {
        Certificates.Identity root = Certificates.named("Root").asAuthority().selfSigned();
        Certificates.Identity broker = Certificates.named("broker").forHosts("localhost").forAddress(127, 0, 0, 1).issuedBy(root);
        return new BrokerCertificate(broker.keyPem(), broker.chainPem(), Certificates.pem(root.own()));
    }
}
