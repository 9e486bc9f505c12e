package dev.kafkaboot.client.net;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A pool on a loop of its own, and requests to it from a test's thread. */
final class PoolUnderTest implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(30);

    final EventLoop loop;
    final ConnectionPool pool;

    PoolUnderTest() {
        this(EventLoop.start("pool-under-test"), settings());
    }

    PoolUnderTest(ConnectionSettings settings) {
        this(EventLoop.start("pool-under-test"), settings);
    }

    PoolUnderTest(EventLoop loop, ConnectionSettings settings) {
        this.loop = loop;
        this.pool = new ConnectionPool(loop, settings);
    }

    static ConnectionSettings settings() {
        return settings(Duration.ofSeconds(30), Duration.ofMinutes(9));
    }

    static ConnectionSettings settings(Duration setup, Duration maxIdle) {
        return settings(setup, LIMIT, maxIdle);
    }

    static ConnectionSettings settings(Duration setup, Duration silenceMax, Duration maxIdle) {
        return settings(setup, silenceMax, maxIdle, SocketOptions.DEFAULT, Authenticator.NONE);
    }

    static ConnectionSettings settings(SocketOptions socket, Authenticator authenticator) {
        return settings(LIMIT, LIMIT, Duration.ofMinutes(9), socket, authenticator);
    }

    static ConnectionSettings settings(TransportFactory transports) {
        return settings(LIMIT, LIMIT, Duration.ofMinutes(9), SocketOptions.DEFAULT, Authenticator.NONE, transports);
    }

    private static ConnectionSettings settings(Duration setup, Duration silenceMax, Duration maxIdle, SocketOptions socket, Authenticator authenticator) {
        return settings(setup, silenceMax, maxIdle, socket, authenticator, TransportFactory.PLAIN);
    }

    private static ConnectionSettings settings(Duration setup, Duration silenceMax, Duration maxIdle, SocketOptions socket, Authenticator authenticator,
            TransportFactory transports) {
        return new ConnectionSettings(
                "test",
                socket,
                transports,
                authenticator == Authenticator.NONE ? Authenticator.Factory.NONE : () -> authenticator,
                new Backoff(setup, setup),
                new Backoff(Duration.ofMillis(5), Duration.ofMillis(20)),
                silenceMax,
                maxIdle,
                1024 * 1024);
    }

    static Node node(int port) {
        return new Node(1, "127.0.0.1", port, null);
    }

    <R extends ResponseMessage> CompletableFuture<R> send(RequestMessage<R> request, int port) {
        return send(request, port, LIMIT);
    }

    <R extends ResponseMessage> CompletableFuture<R> send(RequestMessage<R> request, int port, Duration timeout) {
        return send(request, node(port), RequestOptions.of(ConnectionClass.GENERAL, timeout));
    }

    <R extends ResponseMessage> CompletableFuture<R> send(RequestMessage<R> request, Node node, RequestOptions options) {
        CompletableFuture<R> outcome = new CompletableFuture<>();
        loop.execute(() -> pool.dispatch(null, "test", request.apiKey(), version -> request, node, options)
                .whenComplete((frame, failure) -> {
            if (failure == null) {
                outcome.complete(frame.response());
            } else {
                outcome.completeExceptionally(Failures.cause(failure));
            }
        }));
        return outcome;
    }

    /** Asks the pool something, on its loop. */
    <T> T ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.execute(() -> answer.complete(question.get()));
        return answer.join();
    }

    /** Waits until something about the pool is true. */
    void until(Supplier<Boolean> condition) {
        CompletableFuture<Boolean> met = new CompletableFuture<>();
        loop.execute(() -> look(condition, met));
        if (!loop.await(met, LIMIT)) {
            throw new AssertionError("It did not come true within " + LIMIT);
        }
    }

    private void look(Supplier<Boolean> condition, CompletableFuture<Boolean> met) {
        if (condition.get()) {
            met.complete(true);
        } else {
            loop.schedule(Duration.ofMillis(2), () -> look(condition, met));
        }
    }

    @Override
    public void close() {
        loop.execute(() -> pool.close(new ClientClosedException("the test is over")));
        loop.close();
    }
}
