package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ApiVersionsRequest;
import dev.kafkaboot.protocol.message.ApiVersionsResponse;
import dev.kafkaboot.protocol.message.ApiVersionsResponse.ApiVersion;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaboot.protocol.message.MetadataResponse;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseBroker;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponsePartition;
import dev.kafkaboot.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.util.ArrayList;
import java.util.List;

/** ApiVersions and Metadata. */
final class ClusterApis {

    private final Apis apis;
    private final FakeKafka cluster;

    private ClusterApis(Apis apis, FakeKafka cluster) {
        this.apis = apis;
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        ClusterApis own = new ClusterApis(apis, cluster);
        apis.add(new Api<>(ApiVersionsRequest::new, own::apiVersions, own::apiVersionsFailure));
        apis.add(new Api<>(MetadataRequest::new, own::metadata, own::metadataFailure));
    }

    private void apiVersions(Exchange<ApiVersionsRequest, ApiVersionsResponse> exchange) {
        ApiVersionsRequest request = exchange.request();
        exchange.connection().software(request.clientSoftwareName(), request.clientSoftwareVersion());
        ApiVersionsResponse response = versions(exchange.broker());
        TransactionFeature.addTo(response, cluster.settings(), exchange.version());
        exchange.reply(response);
    }

    private ApiVersionsResponse versions(FakeBroker broker) {
        List<ApiVersion> spoken = new ArrayList<>();
        for (ApiKey key : apis.all()) {
            Releases.Range range = apis.range(broker, key);
            if (range != null) {
                spoken.add(new ApiVersion().apiKey(key.id()).minVersion(range.lowest()).maxVersion(range.highest()));
            }
        }
        return new ApiVersionsResponse().apiKeys(spoken);
    }

    private ApiVersionsResponse apiVersionsFailure(ApiVersionsRequest request, short version, ErrorCode error) {
        ApiVersionsResponse response = new ApiVersionsResponse().errorCode(error.code());
        Releases.Range own = apis.range(ApiKey.API_VERSIONS);
        // Who asked in a version that is not spoken learns which ones are, of this API alone (KIP-511).
        return error == ErrorCode.UNSUPPORTED_VERSION && own != null
                ? response.apiKeys(List.of(new ApiVersion().apiKey(ApiKey.API_VERSIONS.id()).minVersion(own.lowest()).maxVersion(own.highest())))
                : response;
    }

    private void metadata(Exchange<MetadataRequest, MetadataResponse> exchange) {
        MetadataRequest request = exchange.request();
        List<MetadataResponseTopic> topics = new ArrayList<>();
        List<MetadataRequestTopic> asked = request.topics();
        if (asked == null || exchange.version() == 0 && asked.isEmpty()) {
            cluster.topics().all().forEach(topic -> topics.add(describe(topic)));
        } else {
            asked.stream().distinct().forEach(topic -> topics.add(describe(topic, request.allowAutoTopicCreation())));
        }
        boolean wantsOperations = request.includeTopicAuthorizedOperations();
        topics.forEach(topic -> topic.topicAuthorizedOperations(AuthorizedOperations.onTopic(wantsOperations && topic.errorCode() == 0)));
        exchange.reply(cluster(new MetadataResponse())
                .clusterAuthorizedOperations(AuthorizedOperations.onCluster(request.includeClusterAuthorizedOperations()))
                .topics(topics));
    }

    private MetadataResponse cluster(MetadataResponse response) {
        return response
                .clusterId(cluster.clusterId())
                .controllerId(cluster.controllerId())
                .brokers(cluster.brokers().stream()
                        .filter(FakeBroker::isRunning)
                        .map(broker -> new MetadataResponseBroker()
                                .nodeId(broker.id())
                                .host(broker.host())
                                .port(broker.port())
                                .rack(broker.rack()))
                        .toList());
    }

    private MetadataResponseTopic describe(MetadataRequestTopic asked, boolean mayCreate) {
        String name = asked.name();
        FakeTopic topic = name == null ? cluster.topics().find(asked.topicId()) : cluster.topics().find(name);
        if (topic != null) {
            return describe(topic);
        }
        if (name == null) {
            return new MetadataResponseTopic().name(null).topicId(asked.topicId()).errorCode(ErrorCode.UNKNOWN_TOPIC_ID.code());
        }
        ErrorCode error = unknown(name);
        if (error == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION && mayCreate && cluster.settings().autoCreateTopics()) {
            // As a real broker: created now, and there for the next request.
            cluster.createTopic(name);
            error = ErrorCode.LEADER_NOT_AVAILABLE;
        }
        return new MetadataResponseTopic().name(name).topicId(Uuid.ZERO).errorCode(error.code());
    }

    /** What is said of a topic that is not there, or that cannot be. */
    static ErrorCode unknown(String name) {
        return TopicNames.check(name) == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
    }

    private MetadataResponseTopic describe(FakeTopic topic) {
        return new MetadataResponseTopic()
                .name(topic.name())
                .topicId(topic.id())
                .isInternal(topic.isInternal())
                .partitions(topic.partitions().stream().map(this::describe).toList());
    }

    private MetadataResponsePartition describe(FakePartition partition) {
        boolean led = partition.leader() != FakePartition.NO_LEADER && cluster.isKnown(partition.leader());
        return new MetadataResponsePartition()
                .errorCode((led ? ErrorCode.NONE : ErrorCode.LEADER_NOT_AVAILABLE).code())
                .partitionIndex(partition.index())
                .leaderId(partition.leader())
                .leaderEpoch(partition.leaderEpoch())
                .replicaNodes(partition.replicas())
                .isrNodes(List.copyOf(partition.inSync()))
                .offlineReplicas(partition.replicas().stream().filter(id -> !cluster.isRunning(id)).toList());
    }

    private MetadataResponse metadataFailure(MetadataRequest request, short version, ErrorCode error) {
        List<MetadataRequestTopic> asked = request.topics() == null ? List.of() : request.topics();
        return cluster(new MetadataResponse())
                .topics(asked.stream()
                        .map(topic -> new MetadataResponseTopic().name(topic.name()).topicId(topic.topicId()).errorCode(error.code()))
                        .toList());
    }
}
