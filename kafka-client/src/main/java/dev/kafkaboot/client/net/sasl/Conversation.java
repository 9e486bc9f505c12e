package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.net.Authenticator;
import dev.kafkaboot.client.net.ConnectionPool;
import dev.kafkaboot.client.net.ConnectionProblem;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.SaslAuthenticateRequest;
import dev.kafkaboot.protocol.message.SaslAuthenticateResponse;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one authentication, to and fro. On the loop only.
 *
 * <p>A broker answers each message with one of its own, and the exchange says when it has had the last. What fails carries the names of the broker, the mechanism
 * and the user. It is final if the broker refused the user, or the exchange the broker or the credentials; what else fails, such as a source of credentials that
 * cannot be reached, is a matter of the connection, which may be tried again.
 */
final class Conversation {

    /** No mechanism needs more than four; one more that a broker makes up costs the connection. */
    private static final int ROUNDS_MAX = 16;

    /** A Kerberos ticket with all its authorisation data is the longest that is known. */
    private static final int CHALLENGE_BYTES_MAX = 128 * 1024;

    private final Authenticator.Exchange exchange;
    private final String mechanism;
    private final SaslExchange sasl;
    private int rounds;

    Conversation(Authenticator.Exchange exchange, String mechanism, SaslExchange sasl) {
        this.exchange = exchange;
        this.mechanism = mechanism;
        this.sasl = sasl;
    }

    /** Who is being authenticated, if that is known. */
    @Nullable String identity() {
        return sasl.identity();
    }

    /** The first message, which is not sent yet. */
    CompletableFuture<byte @Nullable []> first() {
        return respond(null);
    }

    /**
     * Sends the first message and goes on to the end.
     *
     * @return the broker's last answer
     */
    CompletableFuture<SaslAuthenticateResponse> talk(byte[] message) {
        if (++rounds > ROUNDS_MAX) {
            return CompletableFuture.failedFuture(failed("the broker comes to no end", null));
        }
        return exchange.send(new SaslAuthenticateRequest().authBytes(message)).thenCompose(this::heard);
    }

    private CompletableFuture<SaslAuthenticateResponse> heard(SaslAuthenticateResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error != ErrorCode.NONE) {
            return CompletableFuture.failedFuture(refused(error, BrokerText.of(response.errorMessage())));
        }
        if (response.authBytes().length > CHALLENGE_BYTES_MAX) {
            return CompletableFuture.failedFuture(failed("the broker sent a message of " + response.authBytes().length + " bytes", null));
        }
        return respond(response.authBytes()).thenCompose(next -> next == null ? end(response) : talk(next));
    }

    private CompletableFuture<SaslAuthenticateResponse> end(SaslAuthenticateResponse last) {
        return sasl.isComplete()
                ? CompletableFuture.completedFuture(last)
                : CompletableFuture.failedFuture(failed("it ended before the broker had shown that it can be trusted", null));
    }

    private CompletableFuture<byte @Nullable []> respond(byte @Nullable [] challenge) {
        CompletableFuture<byte @Nullable []> response;
        try {
            response = sasl.respond(challenge);
        } catch (RuntimeException thrown) { // a mechanism may be the user's own
            response = CompletableFuture.failedFuture(thrown);
        }
        return response.exceptionallyCompose(failure -> CompletableFuture.failedFuture(explained(Failures.cause(failure))));
    }

    private Throwable explained(Throwable cause) {
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return cause instanceof AuthenticationException
                ? failed(reason, cause)
                : new ConnectionProblem("could not be authenticated to with " + mechanism + user() + ": " + reason, cause);
    }

    private Throwable refused(ErrorCode error, String reason) {
        return switch (error) {
            case SASL_AUTHENTICATION_FAILED, ILLEGAL_SASL_STATE, UNSUPPORTED_SASL_MECHANISM -> new AuthenticationException(
                    ConnectionPool.nameOf(exchange.node()) + " refused " + mechanism + user() + ": " + (reason.isEmpty() ? error.name() : reason));
            default -> new ConnectionProblem("answered " + error + " to " + mechanism + user() + (reason.isEmpty() ? "" : ": " + reason));
        };
    }

    private AuthenticationException failed(String reason, @Nullable Throwable cause) {
        return new AuthenticationException(mechanism + user() + " with " + ConnectionPool.nameOf(exchange.node()) + " failed: " + reason, cause);
    }

    private String user() {
        String identity = sasl.identity();
        return identity == null ? "" : " for user '" + identity + "'";
    }
}
