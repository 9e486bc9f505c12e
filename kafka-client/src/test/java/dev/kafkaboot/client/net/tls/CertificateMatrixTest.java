package dev.kafkaboot.client.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.SslAuthenticationException;
import dev.kafkaboot.client.net.ConnectionProblem;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates that are right, and that are wrong in one way each, with what is said of them. */
class CertificateMatrixTest {

    private static final String HOST = "broker.example";
    private static final Certificates.Identity ROOT = Certificates.named("Root").asAuthority().selfSigned();
    private static final Certificates.Identity OTHER_ROOT = Certificates.named("Other Root").asAuthority().selfSigned();
    private static final Certificates.Identity INTERMEDIATE = Certificates.named("Intermediate").asAuthority().issuedBy(ROOT);
    private static final Certificates.Identity BROKER = Certificates.named("broker").forHosts(HOST).issuedBy(ROOT);
    private static final Certificates.Identity CLIENT = Certificates.named("app").issuedBy(ROOT);

    private static TlsSettings client(String... more) {
        return client(null, more);
    }

    private static TlsSettings client(Certificates.@Nullable Identity own, String... more) {
        Map<String, Object> values = new LinkedHashMap<>(Map.of("ssl.truststore.type", "PEM", "ssl.truststore.certificates", Certificates.pem(ROOT.own())));
        if (own != null) {
            values.putAll(Map.of("ssl.keystore.type", "PEM", "ssl.keystore.key", own.keyPem(), "ssl.keystore.certificate.chain", own.chainPem()));
        }
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        return SslSettings.of(Configured.with(values));
    }

    private static TlsPair connect(TlsSettings client, SSLContext server, String host) {
        return new TlsPair(client, server, host, new MemoryChannel(1, Integer.MAX_VALUE - 1)).shakeHands();
    }

    private static TlsPair connect(TlsSettings client, Certificates.Identity server) {
        return connect(client, TlsServer.context(server), HOST);
    }

    private static String refusalOf(Certificates.Identity server) {
        TlsPair pair = connect(client(), server);
        assertThat(pair.isConnected()).isFalse();
        assertThat(pair.closedWith()).isInstanceOf(SslAuthenticationException.class);
        assertThat(pair.server.failure()).as("the server is told").isNotNull();
        return String.valueOf(pair.closedWith().getMessage());
    }

    @Test
    void certificateOfATrustedAuthorityIsAccepted() {
        assertThat(connect(client(), BROKER).isConnected()).isTrue();
    }

    @Test
    void chainWithAnIntermediateIsAccepted() {
        assertThat(connect(client(), Certificates.named("broker").forHosts(HOST).issuedBy(INTERMEDIATE)).isConnected()).isTrue();
    }

    @Test
    void intermediateThatIsNotSentIsMissed() {
        Certificates.Identity whole = Certificates.named("broker").forHosts(HOST).issuedBy(INTERMEDIATE);

        assertThat(refusalOf(new Certificates.Identity(whole.key(), List.of(whole.own()))))
                .startsWith("broker.example:9093 showed a certificate of an authority that is not in the trust store: CN=broker (issued by CN=Intermediate, ")
                .endsWith("the broker should send its certificate too");
    }

    @Test
    void selfSignedCertificateIsRefused() {
        assertThat(refusalOf(Certificates.named("alone").forHosts(HOST).selfSigned()))
                .startsWith("broker.example:9093 showed a self-signed certificate that is not in the trust store: CN=alone (issued by CN=alone, ");
    }

    @Test
    void unknownAuthorityIsNamed() {
        assertThat(refusalOf(Certificates.named("broker").forHosts(HOST).issuedBy(OTHER_ROOT)))
                .startsWith("broker.example:9093 showed a certificate of an authority that is not in the trust store: CN=broker (issued by CN=Other Root, ");
    }

    @Test
    void expiredCertificateSaysSinceWhen() {
        assertThat(refusalOf(Certificates.named("old").forHosts(HOST).valid(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2021-02-03T04:05:06Z"))
                .issuedBy(ROOT)))
                .startsWith("broker.example:9093 showed a certificate that expired at 2021-02-03T04:05:06Z: CN=old (issued by CN=Root, ");
    }

    @Test
    void certificateOfTheFutureSaysFromWhen() {
        assertThat(refusalOf(Certificates.named("early").forHosts(HOST).valid(Instant.parse("2090-01-01T00:00:00Z"), Instant.parse("2091-01-01T00:00:00Z"))
                .issuedBy(ROOT)))
                .startsWith("broker.example:9093 showed a certificate that is not valid before 2090-01-01T00:00:00Z: CN=early");
    }

    @Test
    void wrongNameSaysWhichWasExpectedAndWhichWereFound() {
        assertThat(refusalOf(Certificates.named("broker").forHosts("other.example", "*.third.example").forAddress(10, 0, 0, 1).issuedBy(ROOT)))
                .startsWith("broker.example:9093 showed a certificate for another name: expected broker.example, "
                        + "found other.example, *.third.example, 10.0.0.1 in CN=broker");
    }

    @Test
    void wrongNameIsToldBeforeAnExpiredCertificateThatIsOnlySentAlong() {
        Certificates.Identity broker = Certificates.named("broker").forHosts("other.example").issuedBy(ROOT);
        Certificates.Identity old = Certificates.named("Old").asAuthority().valid(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2021-01-01T00:00:00Z"))
                .issuedBy(OTHER_ROOT);

        String words = CertificateFaults.of(
                new X509Certificate[] {broker.own(), old.own()}, new CertificateException("No name matches"), /* isTrustedOtherwise= */ () -> true, HOST);

        assertThat(words).startsWith("showed a certificate for another name: expected broker.example, found other.example in CN=broker");
    }

    @Test
    void namesAreShownWithoutLineEndsAndOnlySomeOfMany() {
        String[] names = new String[30];
        Arrays.setAll(names, i -> "b" + i + ".example");

        assertThat(refusalOf(Certificates.named("broker").forHosts(names).issuedBy(ROOT))).contains("b19.example and 10 more in ").doesNotContain("b20");
        assertThat(refusalOf(Certificates.named("broker").forHosts("b1\n2026 ERROR all is lost").issuedBy(ROOT))).doesNotContain("\n");
    }

    @Test
    void certificateWithoutNamesSaysSo() {
        assertThat(refusalOf(Certificates.named("broker").issuedBy(ROOT))).contains("found no subject alternative name in CN=broker");
    }

    @Test
    void certificateForClientsIsNoServers() {
        assertThat(refusalOf(Certificates.named("broker").forHosts(HOST).onlyFor(Certificates.CLIENT_USE).issuedBy(ROOT)))
                .contains("showed a certificate that servers may not use: CN=broker").endsWith("whose extended key usage is client authentication");
    }

    @Test
    void addressIsLookedForAmongTheAddresses() {
        SSLContext server = TlsServer.context(Certificates.named("broker").forAddress(127, 0, 0, 1).issuedBy(ROOT));

        assertThat(connect(client(), server, "127.0.0.1").isConnected()).isTrue();
        assertThat(connect(client(), server, "127.0.0.2").closedWith()).hasMessageContaining("expected 127.0.0.2, found 127.0.0.1");
    }

    @Test
    void namesAreNotCheckedIfThatIsTurnedOff() {
        TlsSettings client = client("ssl.endpoint.identification.algorithm", "");

        assertThat(connect(client, TlsServer.context(BROKER), "elsewhere.example").isConnected()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker", "broker.example", "broker.example."})
    void serverIsToldTheNameThatItIsCalledBy(String host) {
        TlsPair pair = connect(client("ssl.endpoint.identification.algorithm", ""), TlsServer.context(BROKER), host);

        assertThat(((ExtendedSSLSession) pair.server.engine().getSession()).getRequestedServerNames()).singleElement()
                .extracting(name -> ((SNIHostName) name).getAsciiName()).isEqualTo(host.replaceAll("\\.$", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.2.3", "::1", "my_broker"})
    void addressesAndIllegalNamesAreNotIndicated(String host) {
        assertThat(TlsSettings.indication(host)).isNull();
    }

    // ---- the client's certificate

    private static TlsPair connectMutually(TlsSettings client, String version) {
        TlsPair pair = new TlsPair(client, TlsServer.context(BROKER, ROOT.own()), HOST, new MemoryChannel(1, Integer.MAX_VALUE - 1));
        pair.server.engine().setNeedClientAuth(true);
        pair.server.engine().setEnabledProtocols(new String[] {version});
        return pair.shakeHands();
    }

    private static Throwable refusalOfClient(TlsPair pair) {
        Throwable refusal = pair.closedWith();
        if (refusal == null) { // with TLS 1.3 it comes when the channel is open already
            assertThat(pair.brokenWith()).isNotNull();
            refusal = pair.brokenWith().getCause();
        }
        assertThat(refusal).isInstanceOf(SslAuthenticationException.class);
        return refusal;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void rightClientCertificateIsAccepted(String version) {
        TlsPair pair = connectMutually(client(CLIENT), version);

        pair.server.send(new byte[] {1});
        pair.run();

        assertThat(pair.received()).containsExactly(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void brokerThatWantsACertificateIsSaidToWantOne(String version) {
        assertThat(refusalOfClient(connectMutually(client(), version)))
                .hasMessageStartingWith("broker.example:9093 wants a certificate of the client, and there is none: ssl.keystore.* is not configured (alert ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void certificateThatTheBrokerDoesNotKnowTheAuthorityOfIsNotShown(String version) {
        assertThat(refusalOfClient(connectMutually(client(Certificates.named("stranger").issuedBy(OTHER_ROOT)), version)))
                .hasMessageContaining("the one in ssl.keystore is of another, so it was not shown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientCertificateThatIsRefusedIsNamed(String version) {
        Certificates.Identity old = Certificates.named("old app").valid(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2021-01-01T00:00:00Z"))
                .issuedBy(ROOT);

        assertThat(refusalOfClient(connectMutually(client(old), version))).hasMessageContaining("CN=old app").hasMessageContaining("(alert certificate_");
    }

    // ---- versions and cipher suites

    @Test
    void versionsThatDoNotMeetAreTold() {
        TlsPair pair = new TlsPair(client("ssl.enabled.protocols", "TLSv1.3"), TlsServer.context(BROKER), HOST, new MemoryChannel(1, 100_000));
        pair.server.engine().setEnabledProtocols(new String[] {"TLSv1.2"});
        pair.shakeHands();

        assertThat(pair.closedWith()).isInstanceOf(ConnectionProblem.class)
                .hasMessage("speaks none of the versions of TLS that are offered (alert protocol_version); offered: TLSv1.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void oneVersionIsEnough(String version) {
        TlsPair pair = new TlsPair(client("ssl.enabled.protocols", version), TlsServer.context(BROKER), HOST, new MemoryChannel(1, 100_000)).shakeHands();

        assertThat(pair.isConnected()).isTrue();
        assertThat(pair.server.engine().getSession().getProtocol()).isEqualTo(version);
    }

    @Test
    void cipherSuitesThatDoNotMeetAreTold() {
        TlsPair pair = new TlsPair(client("ssl.cipher.suites", "TLS_AES_128_GCM_SHA256", "ssl.enabled.protocols", "TLSv1.3"), TlsServer.context(BROKER), HOST,
                new MemoryChannel(1, 100_000));
        pair.server.engine().setEnabledCipherSuites(new String[] {"TLS_AES_256_GCM_SHA384"});
        pair.shakeHands();

        assertThat(pair.closedWith()).isInstanceOf(ConnectionProblem.class)
                .hasMessageStartingWith("accepts none of the versions and cipher suites that are offered")
                .hasMessageEndingWith("offered: TLSv1.3 with TLS_AES_128_GCM_SHA256");
    }

    @Test
    void contextOfTheProgramsOwnStillTellsOfTheCertificate() {
        TlsSettings client = TlsPair.settings(TlsServer.context(null, ROOT.own()), TlsPair.BOTH);
        Certificates.Identity old = Certificates.named("old").forHosts(HOST).valid(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2021-01-01T00:00:00Z"))
                .issuedBy(ROOT);

        TlsPair pair = connect(client, old);

        assertThat(pair.closedWith()).isInstanceOf(SslAuthenticationException.class).hasMessageContaining("is not trusted: CN=old")
                .hasMessageContaining("it expired at 2021-01-01T00:00:00Z");
    }
}
