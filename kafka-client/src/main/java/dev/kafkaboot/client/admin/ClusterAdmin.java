package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.UnsupportedVersionException;
import dev.kafkaboot.protocol.message.DescribeClusterRequest;
import dev.kafkaboot.protocol.message.DescribeClusterResponse;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Looks at the cluster as a whole. Immutable, and safe from any thread; see {@link KafkaAdminClient} for how futures behave. */
public final class ClusterAdmin {

    private final AdminCalls calls;
    private final Duration limit;

    ClusterAdmin(AdminCalls calls) {
        this(calls, calls.apiTimeout());
    }

    private ClusterAdmin(AdminCalls calls, Duration limit) {
        this.calls = calls;
        this.limit = limit;
    }

    /** The same with another limit for each operation. */
    public ClusterAdmin within(Duration operationLimit) {
        return new ClusterAdmin(calls, operationLimit);
    }

    /** The cluster's id, its controller and its brokers (KIP-700; from metadata where the broker is older than 2.8). */
    public CompletableFuture<ClusterDescription> describe() {
        return calls.run(ApiKey.DESCRIBE_CLUSTER, "describe the cluster", limit, this::describe);
    }

    private CompletableFuture<ClusterDescription> describe(RequestOptions options) {
        long startedNanos = calls.connections().loop().nanoTime();
        return calls.connections()
                .dispatchToAny(new DescribeClusterRequest(), options)
                .thenApply(ClusterAdmin::description)
                .exceptionallyCompose(failure -> Failures.cause(failure) instanceof UnsupportedVersionException
                        ? fromMetadata(options.after(Duration.ofNanos(calls.connections().loop().nanoTime() - startedNanos)))
                        : CompletableFuture.failedFuture(failure));
    }

    private static ClusterDescription description(DescribeClusterResponse response) {
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error != ErrorCode.NONE) {
            throw new BrokerException("the cluster", error, ApiKey.DESCRIBE_CLUSTER, null, response.errorMessage());
        }
        return description(response.clusterId(), response.controllerId(), response.brokers().stream()
                .map(broker -> new Node(broker.brokerId(), broker.host(), broker.port(), broker.rack()))
                .toList());
    }

    private CompletableFuture<ClusterDescription> fromMetadata(RequestOptions options) {
        MetadataRequest request = new MetadataRequest().topics(List.of()).allowAutoTopicCreation(false);
        return calls.connections().dispatchToAny(request, options).thenApply(ClusterAdmin::description);
    }

    private static ClusterDescription description(MetadataResponse response) {
        return description(response.clusterId(), response.controllerId(), response.brokers().stream()
                .map(broker -> new Node(broker.nodeId(), broker.host(), broker.port(), broker.rack()))
                .toList());
    }

    private static ClusterDescription description(@Nullable String clusterId, int controllerId, List<Node> nodes) {
        Node controller = nodes.stream().filter(node -> node.id() == controllerId).findFirst().orElse(null);
        return new ClusterDescription(clusterId, controller, nodes.stream().sorted(Comparator.comparingInt(Node::id)).toList());
    }
}
