package dev.kafkaboot.client.net;

import dev.kafkaboot.client.ClientClosedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks up names on a few daemon threads of its own, because the system's resolver blocks. Calls for a name that is being looked up share the answer. */
final class NioResolver {

    private static final Logger log = LoggerFactory.getLogger(NioResolver.class);
    private static final int THREADS = 4;
    private static final int WAITING_MAX = 256;
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F]*:[0-9a-fA-F:.]*(%.*)?");

    private final NioEventLoop loop;
    private final ThreadPoolExecutor threads;
    private final Lookup names;
    private final Map<String, CompletableFuture<List<InetAddress>>> pending = new ConcurrentHashMap<>();
    private volatile @Nullable Throwable ended;

    NioResolver(NioEventLoop loop, String name) {
        this(loop, name, InetAddress::getAllByName);
    }

    NioResolver(NioEventLoop loop, String name, Lookup names) {
        this.loop = loop;
        this.names = names;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /** What asks the name service. */
    interface Lookup {

        /** The addresses of a host; blocks. */
        InetAddress[] allByName(String host) throws UnknownHostException, InterruptedException;
    }

    CompletableFuture<List<InetAddress>> resolve(String host) {
        CompletableFuture<List<InetAddress>> lookup = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> earlier = pending.putIfAbsent(host, lookup);
        if (earlier != null) {
            return earlier;
        }
        Throwable over = ended;
        if (over != null) { // either the end has seen the look-up, or this sees the end
            pending.remove(host);
            lookup.completeExceptionally(over);
            return lookup;
        }
        try {
            if (isLiteral(host)) {
                lookUp(host, lookup);
            } else {
                threads.execute(() -> lookUp(host, lookup));
            }
        } catch (RejectedExecutionException full) {
            finish(host, () -> lookup.completeExceptionally(
                    new UnknownHostException(host + " (" + WAITING_MAX + " other names are waiting to be looked up)")));
        }
        return lookup;
    }

    /** Whether no name service is asked about a host, so that looking it up does not block. */
    static boolean isLiteral(String host) {
        return IPV4.matcher(host).matches() || IPV6.matcher(host).matches();
    }

    private void lookUp(String host, CompletableFuture<List<InetAddress>> lookup) {
        try {
            List<InetAddress> addresses = List.of(names.allByName(host));
            finish(host, () -> lookup.complete(addresses));
        } catch (UnknownHostException | InterruptedException | RuntimeException failure) {
            finish(host, () -> lookup.completeExceptionally(failure));
        }
    }

    private void finish(String host, Runnable completion) {
        try {
            loop.execute(() -> {
                pending.remove(host);
                completion.run();
            });
        } catch (ClientClosedException closed) {
            log.trace("The look-up of {} is failed by the end of the loop", host);
        }
    }

    /** Fails the look-ups that nobody will hear of any more. On the loop, as the last that it does. */
    void end(Throwable cause) {
        ended = cause;
        threads.shutdownNow();
        pending.values().forEach(lookup -> lookup.completeExceptionally(cause));
        pending.clear();
    }
}
