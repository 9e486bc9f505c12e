package dev.kafkaboot.client.net;

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

/** Looks up names on a few daemon threads of its own, because the system's resolver blocks. Calls for a name that is being looked up share the answer. */
final class NioResolver {

    private static final int THREADS = 4;
    private static final int WAITING_MAX = 256;
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final NioEventLoop loop;
    private final ThreadPoolExecutor threads;
    private final Map<String, CompletableFuture<List<InetAddress>>> pending = new ConcurrentHashMap<>();

    NioResolver(NioEventLoop loop, String name) {
        this.loop = loop;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    CompletableFuture<List<InetAddress>> resolve(String host) {
        CompletableFuture<List<InetAddress>> lookup = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> earlier = pending.putIfAbsent(host, lookup);
        if (earlier != null) {
            return earlier;
        }
        try {
            if (isLiteral(host)) {
                lookUp(host, lookup); // no name service is asked, so this does not block
            } else {
                threads.execute(() -> lookUp(host, lookup));
            }
        } catch (RejectedExecutionException full) {
            finish(host, () -> lookup.completeExceptionally(
                    new UnknownHostException(host + " (" + WAITING_MAX + " other names are waiting to be looked up)")));
        }
        return lookup;
    }

    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    }

    private void lookUp(String host, CompletableFuture<List<InetAddress>> lookup) {
        try {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
            finish(host, () -> lookup.complete(addresses));
        } catch (UnknownHostException | RuntimeException failure) {
            finish(host, () -> lookup.completeExceptionally(failure));
        }
    }

    private void finish(String host, Runnable completion) {
        Runnable last = () -> {
            pending.remove(host);
            completion.run();
        };
        if (loop.isRunning()) {
            try {
                loop.execute(last);
                return;
            } catch (RuntimeException ended) {
                // falls through: nobody else would complete it
            }
        }
        last.run();
    }

    /** Fails the look-ups that nobody will hear of any more. */
    void end(Throwable cause) {
        threads.shutdownNow();
        pending.values().forEach(lookup -> lookup.completeExceptionally(cause));
        pending.clear();
    }
}
