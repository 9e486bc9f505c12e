package dev.kafkaboot.client.net;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.HostResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up names on daemon threads, because name services block, and may do so for minutes.
 *
 * <p>Nobody can end a look-up that hangs, so none may be in another's way: each name has a thread while it is looked up, and no more than one, because those who
 * ask for it meanwhile, as connections do that are tried again and again, share the answer. So there are as many threads as there are names that hang, up to a
 * bound that only a cluster of hundreds of brokers reaches of which none can be resolved; then the others wait.
 */
final class NioResolver {

    static final int THREADS_MAX = 512;

    private static final Logger log = LoggerFactory.getLogger(NioResolver.class);
    private static final int WAITING_MAX = 4096;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final NioEventLoop loop;
    private final ThreadPoolExecutor threads;
    private final Map<Name, CompletableFuture<List<InetAddress>>> pending = new HashMap<>();
    private final ArrayDeque<Name> waiting = new ArrayDeque<>();
    private int running;
    private volatile @Nullable Throwable ended;

    NioResolver(NioEventLoop loop, String name) {
        this.loop = loop;
        this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A host, and who is asked about it. */
    private record Name(HostResolver service, String host) {}

    /** Looks up a host. From any thread; completes on the loop. */
    CompletableFuture<List<InetAddress>> resolve(HostResolver service, String host) {
        Name name = new Name(service, host);
        Throwable over = ended;
        if (over != null) {
            return CompletableFuture.failedFuture(over);
        }
        if (loop.inLoop()) {
            return share(name);
        }
        CompletableFuture<List<InetAddress>> outcome = new CompletableFuture<>();
        try {
            loop.execute(() -> share(name).whenComplete((addresses, failure) -> {
                if (failure == null) {
                    outcome.complete(addresses);
                } else {
                    outcome.completeExceptionally(failure);
                }
            }));
        } catch (ClientClosedException closed) {
            outcome.completeExceptionally(closed);
        }
        return outcome;
    }

    private CompletableFuture<List<InetAddress>> share(Name name) {
        CompletableFuture<List<InetAddress>> earlier = pending.get(name);
        if (earlier != null) {
            return earlier;
        }
        CompletableFuture<List<InetAddress>> lookup = new CompletableFuture<>();
        pending.put(name, lookup);
        if (name.service.equals(HostResolver.SYSTEM) && Inet.isLiteral(name.host)) {
            lookUp(name, /* onThread= */ false);
        } else if (running < THREADS_MAX) {
            start(name);
        } else if (waiting.size() < WAITING_MAX) {
            waiting.add(name);
        } else {
            finish(name, () -> lookup.completeExceptionally(
                    new UnknownHostException(name.host + " (" + (THREADS_MAX + WAITING_MAX) + " other names are being looked up)")), /* onThread= */ false);
        }
        return lookup;
    }

    private void start(Name name) {
        running++;
        try {
            threads.execute(() -> lookUp(name, /* onThread= */ true));
        } catch (RejectedExecutionException | OutOfMemoryError none) { // the latter is what the JVM calls a lack of threads too
            finish(name, () -> fail(name, new IllegalStateException("There is no thread for looking up " + name.host, none)), /* onThread= */ true);
        }
    }

    private void lookUp(Name name, boolean onThread) {
        try {
            List<InetAddress> addresses = List.copyOf(name.service.resolve(name.host));
            finish(name, () -> complete(name, addresses), onThread);
        } catch (Throwable failure) { // a user's code may be behind it: whatever it throws is the outcome
            finish(name, () -> fail(name, failure), onThread);
        }
    }

    private void complete(Name name, List<InetAddress> addresses) {
        CompletableFuture<List<InetAddress>> lookup = pending.remove(name);
        if (lookup != null) {
            lookup.complete(addresses);
        }
    }

    private void fail(Name name, Throwable failure) {
        CompletableFuture<List<InetAddress>> lookup = pending.remove(name);
        if (lookup != null) {
            lookup.completeExceptionally(failure);
        }
    }

    private void finish(Name name, Runnable completion, boolean onThread) {
        try {
            loop.execute(() -> {
                if (onThread) {
                    running--;
                    startNext();
                }
                completion.run();
            });
        } catch (ClientClosedException closed) {
            log.trace("The look-up of {} is failed by the end of the loop", name.host);
        }
    }

    private void startNext() {
        Name next = running < THREADS_MAX ? waiting.poll() : null;
        if (next != null) {
            start(next);
        }
    }

    /** Fails the look-ups that nobody will hear of any more. On the loop, as the last that it does. */
    void end(Throwable cause) {
        ended = cause;
        threads.shutdownNow();
        waiting.clear();
        List<CompletableFuture<List<InetAddress>>> lost = new ArrayList<>(pending.values());
        pending.clear();
        lost.forEach(lookup -> lookup.completeExceptionally(cause));
    }
}
