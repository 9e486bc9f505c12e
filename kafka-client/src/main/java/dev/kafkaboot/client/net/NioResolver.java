package dev.kafkaboot.client.net;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.HostResolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
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
 * <p>Nobody can end a look-up that hangs, so none may be in another's way: each name has a thread while it is looked up, and no more than that, because those who
 * ask for it meanwhile, as connections do that are tried again and again, share the answer. What was lost may hang for ever, though, so that after a while the name
 * is looked up once more beside it ({@link CallPace}). So there are little more threads than there are names that hang, up to a bound that only a cluster of
 * hundreds of brokers reaches of which none can be resolved; then the others wait.
 */
final class NioResolver {

    static final int THREADS_MAX = 512;

    private static final Logger log = LoggerFactory.getLogger(NioResolver.class);
    private static final int WAITING_MAX = 4096;
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final NioEventLoop loop;
    private final ThreadPoolExecutor threads;
    private final Duration patience;
    private final Map<Name, Lookup> lookups = new HashMap<>();
    private final ArrayDeque<Call> waiting = new ArrayDeque<>();
    private int running;
    private volatile @Nullable Throwable ended;

    NioResolver(NioEventLoop loop, String name) {
        this(loop, name, CallPace.PATIENCE);
    }

    NioResolver(NioEventLoop loop, String name, Duration patience) {
        this.loop = loop;
        this.patience = patience;
        this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A host, and who is asked about it. */
    private record Name(HostResolver service, String host) {}

    /** A name service that was called, and when in the order of its calls for that name. */
    private record Call(Name name, Lookup lookup, int number) {}

    /** What becomes of a name for which a call has not returned. */
    private static final class Lookup {

        final CallPace pace;
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();

        Lookup(Duration patience) {
            pace = new CallPace(patience);
        }
    }

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
        Lookup lookup = lookups.computeIfAbsent(name, any -> new Lookup(patience));
        if (lookup.answer.isDone()) { // by a call that was begun before the one that is still running
            lookup.answer = new CompletableFuture<>();
        }
        long nowMillis = TimeUnit.NANOSECONDS.toMillis(loop.nanoTime());
        if (lookup.pace.mayBegin(nowMillis) && waiting.stream().noneMatch(call -> call.lookup == lookup)) {
            begin(new Call(name, lookup, lookup.pace.begin(nowMillis)));
        }
        return lookup.answer;
    }

    private void begin(Call call) {
        Name name = call.name;
        if (name.service.equals(HostResolver.SYSTEM) && Inet.isLiteral(name.host)) {
            lookUp(call, /* onThread= */ false);
        } else if (running < THREADS_MAX) {
            start(call);
        } else if (waiting.size() < WAITING_MAX) {
            waiting.add(call);
        } else {
            finish(call, null, new UnknownHostException(name.host + " (" + (THREADS_MAX + WAITING_MAX) + " other names are being looked up)"), /* onThread= */ false);
        }
    }

    private void start(Call call) {
        running++;
        try {
            threads.execute(() -> lookUp(call, /* onThread= */ true));
        } catch (RejectedExecutionException | OutOfMemoryError none) { // the latter is what the JVM calls a lack of threads too
            finish(call, null, new IllegalStateException("There is no thread for looking up " + call.name.host, none), /* onThread= */ true);
        }
    }

    private void lookUp(Call call, boolean onThread) {
        try {
            List<InetAddress> addresses = List.copyOf(call.name.service.resolve(call.name.host));
            finish(call, addresses, null, onThread);
        } catch (Throwable failure) { // a user's code may be behind it: whatever it throws is the outcome
            finish(call, null, failure, onThread);
        }
    }

    /** The first answer counts, whichever call it is of; a failure only if it is the newest's. */
    private void ended(Call call, @Nullable List<InetAddress> addresses, @Nullable Throwable failure) {
        Lookup lookup = call.lookup;
        boolean isNewest = lookup.pace.ended(call.number);
        if (lookup.pace.running() == 0) {
            lookups.remove(call.name);
        }
        if (addresses != null) {
            lookup.answer.complete(addresses);
        } else if (failure != null && isNewest) {
            lookup.answer.completeExceptionally(failure);
        }
    }

    private void finish(Call call, @Nullable List<InetAddress> addresses, @Nullable Throwable failure, boolean onThread) {
        try {
            loop.execute(() -> {
                if (onThread) {
                    running--;
                    startNext();
                }
                ended(call, addresses, failure);
            });
        } catch (ClientClosedException closed) {
            log.trace("The look-up of {} is failed by the end of the loop", call.name.host);
        }
    }

    private void startNext() {
        Call next = running < THREADS_MAX ? waiting.poll() : null;
        if (next != null) {
            start(next);
        }
    }

    /** Fails the look-ups that nobody will hear of any more. On the loop, as the last that it does. */
    void end(Throwable cause) {
        ended = cause;
        threads.shutdownNow();
        waiting.clear();
        List<Lookup> lost = new ArrayList<>(lookups.values());
        lookups.clear();
        lost.forEach(lookup -> lookup.answer.completeExceptionally(cause));
    }
}
