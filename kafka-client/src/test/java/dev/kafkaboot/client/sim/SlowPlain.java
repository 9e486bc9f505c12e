package dev.kafkaboot.client.sim;

import dev.kafkaboot.client.security.SaslContext;
import dev.kafkaboot.client.security.SaslExchange;
import dev.kafkaboot.client.security.SaslMechanism;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** PLAIN, whose credentials are there at once the first two times, for a bootstrap address and the broker's own, and then when somebody says so. */
final class SlowPlain implements SaslMechanism {

    private final CompletableFuture<Boolean> ready;
    private int begun;

    SlowPlain(CompletableFuture<Boolean> ready) {
        this.ready = ready;
    }

    /** How many authentications have asked for them. */
    int begun() {
        return begun;
    }

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public SaslExchange begin(SaslContext context) {
        CompletableFuture<Boolean> gate = ++begun > 2 ? ready : CompletableFuture.completedFuture(true);
        return new SaslExchange() {
            private boolean sent;

            @Override
            public CompletableFuture<byte @Nullable []> respond(byte @Nullable [] challenge) {
                if (challenge != null) {
                    return CompletableFuture.completedFuture(null);
                }
                sent = true;
                return gate.thenApply(open -> "\0alice\0s3cret".getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public boolean isComplete() {
                return sent;
            }
        };
    }
}
