package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.net.Authenticator;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.security.SaslContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What a mechanism sees of a connection.
 *
 * @param exchange the connection
 * @param isEncrypted whether TLS is under it
 */
record ConnectionContext(Authenticator.Exchange exchange, boolean isEncrypted) implements SaslContext {

    @Override
    public String host() {
        return exchange.host();
    }

    @Override
    public int port() {
        return exchange.node().port();
    }

    @Override
    public long currentTimeMillis() {
        return exchange.loop().currentTimeMillis();
    }

    @Override
    public void fillSecurely(byte[] bytes) {
        exchange.loop().fillSecurely(bytes);
    }

    @Override
    public <T> CompletableFuture<T> offload(Callable<T> work) {
        return exchange.loop().offload(work);
    }

    /** For three quarters of what there is, as the exchange of versions came before, and telling takes no time. */
    @Override
    public <T> CompletableFuture<T> await(CompletableFuture<T> awaited, Function<Duration, ? extends Throwable> late) {
        if (!awaited.isDone()) {
            Duration most = exchange.limit().multipliedBy(3).dividedBy(4);
            Timer timer = exchange.loop().schedule(most, () -> awaited.completeExceptionally(late.apply(most)));
            awaited.whenComplete((done, failure) -> timer.cancel());
        }
        return awaited;
    }
}
