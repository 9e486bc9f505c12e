package dev.kafkaboot.client.net.sasl.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CredentialsUnavailableException;
import dev.kafkaboot.client.security.OAuthToken;
import dev.kafkaboot.client.security.SaslExchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OAuthBearerExchangeTest {

    private static SaslExchange exchange(OAuthToken token) {
        return new OAuthBearerExchange(() -> CompletableFuture.completedFuture(token));
    }

    private static SaslExchange withTokenSent() {
        SaslExchange exchange = exchange(OAuthToken.of("abc.def-ghi=", null));
        exchange.respond(null).join();
        return exchange;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void firstMessageHoldsTheToken() {
        SaslExchange exchange = exchange(OAuthToken.of("abc.def-ghi=", null));

        byte[] message = exchange.respond(null).join();

        assertThat(message).isEqualTo(ascii("n,,\u0001auth=Bearer abc.def-ghi=\u0001\u0001"));
    }

    @Test
    void extensionsFollowTheTokenInTheirOrder() {
        Map<String, String> extensions = new LinkedHashMap<>();
        extensions.put("traceId", "12 3");
        extensions.put("logicalCluster", "lkc-1");
        SaslExchange exchange = exchange(OAuthToken.of("abc", null).withExtensions(extensions));

        byte[] message = exchange.respond(null).join();

        assertThat(message).isEqualTo(ascii("n,,\u0001auth=Bearer abc\u0001traceId=12 3\u0001logicalCluster=lkc-1\u0001\u0001"));
    }

    @Test
    void silenceOfTheBrokerIsConsent() {
        SaslExchange exchange = withTokenSent();

        byte[] answer = exchange.respond(new byte[0]).join();

        assertThat(answer).isNull();
        assertThat(exchange.isComplete()).isTrue();
    }

    @Test
    void refusalIsAnsweredWithOneByteAndToldIfTheBrokerGoesOn() {
        SaslExchange exchange = withTokenSent();

        byte[] answer = exchange.respond(ascii("{\"status\":\"invalid_token\",\"scope\":\"kafka\",\"openid-configuration\":\"https://idp/x\"}")).join();

        assertThat(answer).containsExactly(1);
        assertThat(exchange.isComplete()).as("a broker that ends it as if all was well is not believed").isFalse();
        assertThat(exchange.respond(new byte[0])).failsWithin(Duration.ZERO).withThrowableThat()
                .withCauseInstanceOf(AuthenticationException.class)
                .withMessageContaining("The broker refused the token: invalid_token, wanted scope kafka, tokens are had as told at https://idp/x");
    }

    @Test
    void refusalThatIsNoJsonIsNotRepeated() {
        SaslExchange exchange = withTokenSent();

        exchange.respond(ascii("<html>s3cret")).join();

        assertThat(exchange.respond(null)).failsWithin(Duration.ZERO).withThrowableThat()
                .withMessageContaining("with a reason that is not JSON").withMessageNotContaining("s3cret");
    }

    @Test
    void missingTokenIsTheOutcome() {
        CompletableFuture<OAuthToken> none = CompletableFuture.failedFuture(new CredentialsUnavailableException("none now"));
        SaslExchange exchange = new OAuthBearerExchange(() -> none);

        assertThat(exchange.respond(null)).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(CredentialsUnavailableException.class);
        assertThat(exchange.isComplete()).isFalse();
    }
}
