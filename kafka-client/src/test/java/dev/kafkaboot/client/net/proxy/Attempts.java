package dev.kafkaboot.client.net.proxy;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ConnectionListener;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Attempts to reach a broker, with what a client says of them. */
final class Attempts {

    private Attempts() {}

    private static ConnectionManager client(String broker, Map<String, ?> settings) {
        Map<String, Object> given = new HashMap<>(settings);
        given.put("bootstrap.servers", broker);
        return ConnectionManager.create(ClientConfig.of(CommonConfig.KEYS, given));
    }

    /** Asks a broker for the cluster's metadata. */
    static MetadataResponse metadata(String broker, Map<String, ?> settings) throws Exception {
        try (ConnectionManager client = client(broker, settings)) {
            return client.send(new MetadataRequest()).get(30, TimeUnit.SECONDS);
        }
    }

    /** What is said of the first attempt to reach a broker, which fails. */
    static String failure(String broker, Map<String, ?> settings) throws Exception {
        CompletableFuture<String> words = new CompletableFuture<>();
        try (ConnectionManager client = client(broker, settings)) {
            client.addListener(new ConnectionListener() {
                @Override
                public void connected(Node node, ConnectionClass connectionClass) {
                    words.completeExceptionally(new AssertionError("connected to " + node));
                }

                @Override
                public void disconnected(Node node, ConnectionClass connectionClass, @Nullable Throwable cause) {
                    words.complete(cause == null ? "closed on purpose" : String.valueOf(cause.getMessage()));
                }
            });
            client.send(new MetadataRequest());
            return words.get(30, TimeUnit.SECONDS);
        }
    }
}
