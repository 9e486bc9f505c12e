package dev.kafkaboot.client.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.net.sasl.fetch.HttpFetch;
import dev.kafkaboot.client.net.sasl.fetch.HttpReply;
import dev.kafkaboot.client.net.sasl.fetch.IdentityProvider;
import dev.kafkaboot.client.net.tls.Certificates.Identity;
import java.net.http.HttpRequest;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the endpoints that credentials are fetched from are trusted over https. The JVM trusts none of these authorities itself. */
@Timeout(120)
class HttpsFetchTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final char[] PASSWORD = "password".toCharArray();
    private static final Identity AUTHORITY = Certificates.named("Test authority").asAuthority().selfSigned();

    private static SSLContext server(Identity identity) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", identity.key(), PASSWORD, identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static SSLContext trusting(Identity authority, boolean isExplaining) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", authority.own());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        TrustManager[] managers = trust.getTrustManagers();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, isExplaining ? ExplainingTrust.around(managers) : managers, null);
        return context;
    }

    private static IdentityProvider provider(Identity identity) throws Exception {
        return IdentityProvider.https(server(identity), IdentityProvider.json(200, "{}"));
    }

    private static HttpReply fetch(IdentityProvider provider, SSLContext context) {
        return HttpFetch.of(LONG, LONG, () -> context).send(HttpRequest.newBuilder(provider.url("/token")).build());
    }

    @Test
    void certificateOfATrustedAuthorityIsAccepted() throws Exception {
        Identity identity = Certificates.named("idp").forAddress(127, 0, 0, 1).issuedBy(AUTHORITY);
        try (IdentityProvider provider = provider(identity)) {
            assertThat(fetch(provider, trusting(AUTHORITY, true)).isOk()).isTrue();
            assertThat(fetch(provider, trusting(AUTHORITY, false)).isOk()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void certificateForAnotherNameIsTold(boolean isExplaining) throws Exception {
        try (IdentityProvider provider = provider(Certificates.named("idp").forHosts("idp.example.org").issuedBy(AUTHORITY))) {
            SSLContext context = trusting(AUTHORITY, isExplaining);

            assertThatThrownBy(() -> fetch(provider, context)).isInstanceOf(CredentialsUnavailableException.class)
                    .hasMessageStartingWith(provider.url("/token") + " showed a certificate " + (isExplaining ? "for another name: expected 127.0.0.1, found idp.example.org" : "that"))
                    .hasMessageContaining("127.0.0.1");
            assertThat(provider.asked()).as("what a peer that is not trusted was told").isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void certificateOfAnUnknownAuthorityIsTold(boolean isExplaining) throws Exception {
        Identity another = Certificates.named("Another authority").asAuthority().selfSigned();
        try (IdentityProvider provider = provider(Certificates.named("idp").forAddress(127, 0, 0, 1).issuedBy(AUTHORITY))) {
            SSLContext context = trusting(another, isExplaining);

            assertThatThrownBy(() -> fetch(provider, context)).isInstanceOf(CredentialsUnavailableException.class)
                    .hasMessageStartingWith(provider.url("/token") + " showed a certificate " + (isExplaining ? "of an authority that is not in the trust store: CN=idp" : "that is not trusted: "));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void certificateThatHasExpiredIsTold(boolean isExplaining) throws Exception {
        Instant end = Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
        Identity identity = Certificates.named("idp").forAddress(127, 0, 0, 1).valid(end.minus(1, ChronoUnit.DAYS), end).issuedBy(AUTHORITY);
        try (IdentityProvider provider = provider(identity)) {
            SSLContext context = trusting(AUTHORITY, isExplaining);

            assertThatThrownBy(() -> fetch(provider, context)).isInstanceOf(CredentialsUnavailableException.class)
                    .hasMessageStartingWith(provider.url("/token") + " showed a certificate that ").hasMessageContaining("expired at " + end);
        }
    }

    @Test
    void endpointThatTheJvmDoesNotTrustIsToldWithoutAContextOfOnesOwn() throws Exception {
        try (IdentityProvider provider = provider(Certificates.named("idp").forAddress(127, 0, 0, 1).issuedBy(AUTHORITY))) {
            HttpFetch fetch = HttpFetch.of(LONG, LONG, null);

            assertThatThrownBy(() -> fetch.send(HttpRequest.newBuilder(provider.url("/token")).build()))
                    .isInstanceOf(CredentialsUnavailableException.class).hasMessageContaining("showed a certificate that is not trusted: ");
        }
    }

    @Test
    void redirectIsNotFollowedToHttpsEither() throws Exception {
        try (IdentityProvider provider = provider(Certificates.named("idp").forAddress(127, 0, 0, 1).issuedBy(AUTHORITY))) {
            provider.answerWith(IdentityProvider.redirect(provider.url("/elsewhere").toString()));

            HttpReply reply = fetch(provider, trusting(AUTHORITY, true));

            assertThat(reply.isRedirect()).isTrue();
            assertThat(provider.asked()).extracting(IdentityProvider.Asked::path).containsExactly("/token");
        }
    }
}
