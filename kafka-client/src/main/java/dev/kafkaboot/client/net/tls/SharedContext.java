package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.security.SslContextSource;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks a source for its context, off the loop. Those who ask while it thinks share the answer: one that hangs has one thread, however often connections are
 * tried again. Of one loop, and on it only.
 */
final class SharedContext {

    private final SslContextSource source;
    private @Nullable CompletableFuture<SSLContext> pending;

    SharedContext(SslContextSource source) {
        this.source = source;
    }

    CompletableFuture<SSLContext> ask(EventLoop loop) {
        CompletableFuture<SSLContext> earlier = pending;
        if (earlier != null && !earlier.isDone()) {
            return earlier;
        }
        CompletableFuture<SSLContext> asked = loop.offload(this::context);
        pending = asked;
        return asked;
    }

    private SSLContext context() throws Exception {
        SSLContext context = source.context();
        if (context == null) {
            throw new GeneralSecurityException("the source answered none");
        }
        return context;
    }
}
