package dev.kafkaboot.client.net;

import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is said on a new connection before anything else: which versions both sides speak, and who is there. On the loop only. */
final class Handshake implements Authenticator.Exchange {

    private final Connection connection;
    private final RequestCodec codec;
    private final Authenticator.Factory authenticators;
    private @Nullable BrokerVersions versions;

    Handshake(Connection connection, RequestCodec codec, Authenticator.Factory authenticators) {
        this.connection = connection;
        this.codec = codec;
        this.authenticators = authenticators;
    }

    /**
     * Goes through it, once.
     *
     * @param negotiated hears of the versions before the authenticator begins
     * @return completes when the connection may be used
     */
    CompletableFuture<BrokerVersions> run(Consumer<BrokerVersions> negotiated) {
        return new VersionsExchange(connection, connection.node()).run().thenCompose(known -> {
            versions = known;
            negotiated.accept(known);
            return authenticators.create().authenticate(this).thenApply(done -> known);
        });
    }

    @Override
    public String host() {
        return connection.node().host();
    }

    @Override
    public <R extends ResponseMessage> CompletableFuture<R> send(RequestMessage<R> request) {
        int version = versions == null ? -1 : versions.negotiated(request.apiKey());
        return version < 0
                ? CompletableFuture.failedFuture(codec.unsupported(request.apiKey(), versions))
                : connection.sendAhead(request, (short) version);
    }
}
