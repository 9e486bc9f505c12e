package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.net.Authenticator;
import dev.kafkaboot.client.net.OtherIdentityException;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.SaslMechanism;
import dev.kafkaboot.protocol.message.SaslAuthenticateResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates a connection by SASL, and again when its session ends (KIP-43, KIP-152, KIP-368). On the loop only.
 *
 * <p>At first the broker is asked for the mechanism before anything is made of the credentials, so that a mechanism that it does not offer is what is reported. A
 * renewal makes the first message before it sends anything, because requests go on until then, and because it shows whether the user is still the same: brokers
 * do not let a connection change hands.
 */
final class SaslAuthenticator implements Authenticator {

    private final SaslMechanism mechanism;
    private final boolean isEncrypted;

    SaslAuthenticator(SaslMechanism mechanism, boolean isEncrypted) {
        this.mechanism = mechanism;
        this.isEncrypted = isEncrypted;
    }

    @Override
    public CompletableFuture<@Nullable Session> authenticate(Exchange exchange) {
        return new Handshake(exchange, mechanism.name()).run().thenCompose(agreed -> {
            Conversation conversation = conversation(exchange);
            return conversation.first().thenCompose(first -> finish(conversation, first));
        });
    }

    private CompletableFuture<@Nullable Session> renew(Exchange exchange, @Nullable String identity) {
        CompletableFuture<Conversation> begun = CompletableFuture.completedFuture(exchange).thenApply(this::conversation);
        return begun.thenCompose(conversation -> conversation.first().thenCompose(first -> {
            String now = conversation.identity();
            if (!Objects.equals(identity, now)) {
                return CompletableFuture.failedFuture(new OtherIdentityException("It is of '" + identity + "', and the credentials are now of '" + now + "'"));
            }
            return new Handshake(exchange, mechanism.name()).run().thenCompose(agreed -> finish(conversation, first));
        }));
    }

    private Conversation conversation(Exchange exchange) {
        SaslExchange begun = mechanism.begin(new ConnectionContext(exchange, isEncrypted));
        return new Conversation(exchange, mechanism.name(), begun);
    }

    private CompletableFuture<@Nullable Session> finish(Conversation conversation, byte @Nullable [] first) {
        if (first == null) {
            return CompletableFuture.failedFuture(new AuthenticationException(mechanism.name() + " has no first message"));
        }
        return conversation.talk(first).thenApply(last -> session(last, conversation.identity()));
    }

    private @Nullable Session session(SaslAuthenticateResponse last, @Nullable String identity) {
        return last.sessionLifetimeMs() <= 0 ? null : new Lease(Duration.ofMillis(last.sessionLifetimeMs()), identity);
    }

    /** A session that ends. */
    private final class Lease implements Session {

        private final Duration lifetime;
        private final @Nullable String identity;

        Lease(Duration lifetime, @Nullable String identity) {
            this.lifetime = lifetime;
            this.identity = identity;
        }

        @Override
        public Duration lifetime() {
            return lifetime;
        }

        @Override
        public CompletableFuture<@Nullable Session> renew(Exchange exchange) {
            return SaslAuthenticator.this.renew(exchange, identity);
        }
    }
}
