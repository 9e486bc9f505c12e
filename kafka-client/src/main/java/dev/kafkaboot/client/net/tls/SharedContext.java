package dev.kafkaboot.client.net.tls;

import dev.kafkaboot.client.net.CallPace;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.security.SslContextSource;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks a source for its context, off the loop. Those who ask while it thinks share the answer, so one that hangs has few threads, however often connections are
 * tried again: it is called again beside a call that hangs, as that one may do so for ever ({@link CallPace}). Of one loop, and on it only.
 */
final class SharedContext {

    private final SslContextSource source;
    private final CallPace pace = new CallPace();
    private @Nullable CompletableFuture<SSLContext> pending;

    SharedContext(SslContextSource source) {
        this.source = source;
    }

    CompletableFuture<SSLContext> ask(EventLoop loop) {
        CompletableFuture<SSLContext> earlier = pending;
        CompletableFuture<SSLContext> answer = earlier == null || earlier.isDone() ? new CompletableFuture<>() : earlier;
        pending = answer;
        long nowMillis = TimeUnit.NANOSECONDS.toMillis(loop.nanoTime());
        if (pace.mayBegin(nowMillis)) {
            int call = pace.begin(nowMillis);
            loop.offload(this::context).whenComplete((context, failure) -> ended(call, context, failure));
        }
        return answer;
    }

    /** The first answer counts, whichever call it is of; a failure only if it is the newest's. */
    private void ended(int call, @Nullable SSLContext context, @Nullable Throwable failure) {
        boolean isNewest = pace.ended(call);
        CompletableFuture<SSLContext> waiting = pending;
        if (waiting == null) {
            return;
        }
        if (context != null) {
            waiting.complete(context);
        } else if (failure != null && isNewest) {
            waiting.completeExceptionally(failure);
        }
    }

    private SSLContext context() throws Exception {
        SSLContext context = source.context();
        if (context == null) {
            throw new GeneralSecurityException("the source answered none");
        }
        return context;
    }
}
