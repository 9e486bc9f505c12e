package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DescribeClusterRequest;
import dev.kafkaboot.protocol.message.DescribeClusterResponse;
import dev.kafkaboot.protocol.message.DescribeClusterResponse.DescribeClusterBroker;

/** DescribeCluster. */
final class DescribeClusterApi {

    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final FakeKafka cluster;

    private DescribeClusterApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        DescribeClusterApi own = new DescribeClusterApi(cluster);
        apis.add(new Api<>(DescribeClusterRequest::new, own::describe, DescribeClusterApi::failure));
    }

    private void describe(Exchange<DescribeClusterRequest, DescribeClusterResponse> exchange) {
        DescribeClusterRequest request = exchange.request();
        if (request.endpointType() != BROKERS) {
            // A broker's listener tells of brokers only (KIP-919).
            boolean known = request.endpointType() == CONTROLLERS;
            ErrorCode error = known ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE;
            exchange.reply(failure(request, exchange.version(), error));
            return;
        }
        exchange.reply(new DescribeClusterResponse()
                .clusterId(cluster.clusterId())
                .controllerId(cluster.controllerId())
                .clusterAuthorizedOperations(AuthorizedOperations.onCluster(request.includeClusterAuthorizedOperations()))
                .brokers(cluster.brokers().stream()
                        .filter(broker -> broker.isRunning() || request.includeFencedBrokers())
                        .map(broker -> new DescribeClusterBroker()
                                .brokerId(broker.id())
                                .host(broker.host())
                                .port(broker.port())
                                .rack(broker.rack())
                                .isFenced(!broker.isRunning()))
                        .toList()));
    }

    private static DescribeClusterResponse failure(DescribeClusterRequest request, short version, ErrorCode error) {
        return new DescribeClusterResponse().errorCode(error.code()).errorMessage(error.message());
    }
}
