package dev.kafkaboot.client.net.sasl.fetch;

import dev.kafkaboot.client.security.SaslContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A connection's context whose clock stands still until it is moved, and whose offloaded work waits until it is run. */
public final class SteppedContext implements SaslContext {

    private final Deque<Runnable> offloaded = new ArrayDeque<>();
    private final Deque<Runnable> limits = new ArrayDeque<>();
    private final String host;
    private final boolean encrypted;
    private long nowMillis;
    private int heldBack;

    public SteppedContext(String host, boolean encrypted, long nowMillis) {
        this.host = host;
        this.encrypted = encrypted;
        this.nowMillis = nowMillis;
    }

    /** A plain connection to a broker of no matter, in the year 2001. */
    public static SteppedContext plain() {
        return new SteppedContext("broker", /* encrypted= */ false, 1_000_000_000_000L);
    }

    /** Lets time pass. */
    public void advanceMillis(long millis) {
        nowMillis += millis;
    }

    /** Runs what was offloaded and waits. */
    public SteppedContext runOffloaded() {
        while (!offloaded.isEmpty()) {
            offloaded.remove().run();
        }
        return this;
    }

    /** Lets a time pass that is the most that anybody waits. */
    public void endPatience(Duration waited) {
        nowMillis += waited.toMillis();
        for (Runnable limit = limits.poll(); limit != null; limit = limits.poll()) {
            limit.run();
        }
    }

    @Override
    public <T> CompletableFuture<T> await(CompletableFuture<T> awaited, Function<Duration, ? extends Throwable> late) {
        long beganMillis = nowMillis;
        limits.add(() -> awaited.completeExceptionally(late.apply(Duration.ofMillis(nowMillis - beganMillis))));
        return awaited;
    }

    /** Takes away what is to be run next, as if it never ended. */
    public Runnable holdBack() {
        Runnable next = offloaded.poll();
        if (next == null) {
            return () -> {};
        }
        heldBack++;
        return next;
    }

    /** How much was taken away. */
    public int heldBack() {
        return heldBack;
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public int port() {
        return 9092;
    }

    @Override
    public boolean isEncrypted() {
        return encrypted;
    }

    @Override
    public long currentTimeMillis() {
        return nowMillis;
    }

    @Override
    public void fillSecurely(byte[] bytes) {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public <T> CompletableFuture<T> offload(Callable<T> work) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        offloaded.add(() -> {
            try {
                outcome.complete(work.call());
            } catch (Exception failure) {
                outcome.completeExceptionally(failure);
            }
        });
        return outcome;
    }
}
