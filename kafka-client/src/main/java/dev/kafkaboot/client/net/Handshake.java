package dev.kafkaboot.client.net;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is said on a new connection before anything else: which versions both sides speak, and who is there. On the loop only. */
final class Handshake implements Authenticator.Exchange {

    private final EventLoop loop;
    private final Connection connection;
    private final RequestCodec codec;
    private final Authenticator.Factory authenticators;
    private final Duration limit;
    private @Nullable BrokerVersions versions;

    Handshake(EventLoop loop, Connection connection, RequestCodec codec, Authenticator.Factory authenticators, Duration limit) {
        this.loop = loop;
        this.connection = connection;
        this.codec = codec;
        this.authenticators = authenticators;
        this.limit = limit;
    }

    /**
     * Goes through it, once.
     *
     * @param negotiated hears of the versions before the authenticator begins
     * @return completes when the connection may be used, with the session if that has an end
     */
    CompletableFuture<Authenticator.@Nullable Session> run(Consumer<BrokerVersions> negotiated) {
        return new VersionsExchange(connection, connection.node()).run().thenCompose(known -> {
            versions = known;
            negotiated.accept(known);
            return authenticators.create().authenticate(this);
        });
    }

    @Override
    public Node node() {
        return connection.node();
    }

    @Override
    public BrokerVersions versions() {
        BrokerVersions known = versions;
        if (known == null) {
            throw new IllegalStateException("Versions come before authentication");
        }
        return known;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public String host() {
        return connection.host();
    }

    @Override
    public Duration limit() {
        return limit;
    }

    @Override
    public <R extends ResponseMessage> CompletableFuture<R> send(RequestMessage<R> request) {
        int version = versions().negotiated(request.apiKey());
        return version < 0
                ? CompletableFuture.failedFuture(codec.unsupported(request.apiKey(), versions))
                : connection.sendAhead(request, (short) version);
    }
}
