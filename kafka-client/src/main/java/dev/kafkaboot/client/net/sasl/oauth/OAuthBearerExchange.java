package dev.kafkaboot.client.net.sasl.oauth;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.security.OAuthToken;
import dev.kafkaboot.client.security.SaslExchange;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of OAUTHBEARER: the client sends the token, and the broker is content and says nothing, or says why it is not. Then the client must answer with
 * one byte before the broker ends the exchange (RFC 7628, 3.2.3).
 */
final class OAuthBearerExchange implements SaslExchange {

    private static final byte SEPARATOR = 1;

    private enum State { BEGUN, TOKEN_SENT, ACCEPTED, REFUSED }

    private final Supplier<CompletableFuture<OAuthToken>> tokens;
    private State state = State.BEGUN;
    private String refusal = "";
    private @Nullable String principal;

    OAuthBearerExchange(Supplier<CompletableFuture<OAuthToken>> tokens) {
        this.tokens = tokens;
    }

    @Override
    public CompletableFuture<byte @Nullable []> respond(byte @Nullable [] challenge) {
        return switch (state) {
            case BEGUN -> tokens.get().thenApply(token -> {
                state = State.TOKEN_SENT;
                principal = token.principal();
                return firstMessage(token);
            });
            case TOKEN_SENT -> judged(challenge);
            case ACCEPTED -> CompletableFuture.failedFuture(new AuthenticationException("The broker went on with an exchange that it had ended"));
            case REFUSED -> CompletableFuture.failedFuture(new AuthenticationException(refusal));
        };
    }

    private CompletableFuture<byte @Nullable []> judged(byte @Nullable [] challenge) {
        if (challenge == null || challenge.length == 0) {
            state = State.ACCEPTED;
            return CompletableFuture.completedFuture(null);
        }
        state = State.REFUSED;
        refusal = TokenRefusal.text(challenge);
        return CompletableFuture.completedFuture(new byte[] {SEPARATOR});
    }

    @Override
    public boolean isComplete() {
        return state == State.TOKEN_SENT || state == State.ACCEPTED;
    }

    @Override
    public @Nullable String identity() {
        return principal;
    }

    private static byte[] firstMessage(OAuthToken token) {
        StringBuilder message = new StringBuilder("n,,\u0001auth=Bearer ").append(token.value().reveal()).append('\u0001');
        token.extensions().forEach((name, value) -> message.append(name).append('=').append(value).append('\u0001'));
        return message.append('\u0001').toString().getBytes(StandardCharsets.UTF_8);
    }
}
