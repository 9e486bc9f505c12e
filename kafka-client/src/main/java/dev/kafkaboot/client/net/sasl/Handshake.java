package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.net.Authenticator;
import dev.kafkaboot.client.net.ConnectionPool;
import dev.kafkaboot.client.net.ConnectionProblem;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.SaslHandshakeRequest;
import dev.kafkaboot.protocol.message.SaslHandshakeResponse;
import java.util.concurrent.CompletableFuture;

/** Agrees with a broker on the mechanism. What follows is in the form of requests (KIP-152), which every broker since Kafka 1.0 knows. */
final class Handshake {

    private final Authenticator.Exchange exchange;
    private final String mechanism;

    Handshake(Authenticator.Exchange exchange, String mechanism) {
        this.exchange = exchange;
        this.mechanism = mechanism;
    }

    CompletableFuture<Void> run() {
        if (exchange.versions().negotiated(ApiKey.SASL_HANDSHAKE) < 1 || exchange.versions().negotiated(ApiKey.SASL_AUTHENTICATE) < 0) {
            return CompletableFuture.failedFuture(new AuthenticationException(broker()
                    + " cannot be authenticated to: it takes SASL only in the form from before Kafka 1.0, which this client does not speak"));
        }
        return exchange.send(new SaslHandshakeRequest().mechanism(mechanism)).thenCompose(this::check);
    }

    private CompletableFuture<Void> check(SaslHandshakeResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        return switch (error) {
            case NONE -> CompletableFuture.completedFuture(null);
            case UNSUPPORTED_SASL_MECHANISM -> CompletableFuture.failedFuture(new AuthenticationException(broker() + " does not offer " + mechanism
                    + " (sasl.mechanism): it offers " + BrokerText.of(String.join(", ", response.mechanisms()))));
            case ILLEGAL_SASL_STATE -> CompletableFuture.failedFuture(new AuthenticationException(broker()
                    + " does not authenticate by SASL on this port, and security.protocol says that it does"));
            default -> CompletableFuture.failedFuture(new ConnectionProblem("answered " + error + " to the choice of " + mechanism));
        };
    }

    private String broker() {
        return ConnectionPool.nameOf(exchange.node());
    }
}
