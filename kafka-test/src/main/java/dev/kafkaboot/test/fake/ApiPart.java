package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ApiKey;
import java.util.List;

/**
 * The APIs that brokers have, by the classes that answer them.
 *
 * <p>Such a class is loaded when the first of its APIs is asked for. A test needs few of them, and to load all, with their messages, and to link their lambdas
 * was most of what it took to start a cluster in a new JVM. That is why {@link #addTo} is a switch: references to these methods would be linked at the start.
 */
enum ApiPart {
    CLUSTER(ApiKey.API_VERSIONS, ApiKey.METADATA),
    SASL(ApiKey.SASL_HANDSHAKE, ApiKey.SASL_AUTHENTICATE),
    PRODUCE(ApiKey.PRODUCE),
    FETCH(ApiKey.FETCH),
    COORDINATOR(ApiKey.FIND_COORDINATOR),
    CLASSIC_GROUP(ApiKey.JOIN_GROUP, ApiKey.SYNC_GROUP, ApiKey.HEARTBEAT),
    LEAVE_GROUP(ApiKey.LEAVE_GROUP),
    OFFSET_COMMIT(ApiKey.OFFSET_COMMIT),
    OFFSET_FETCH(ApiKey.OFFSET_FETCH),
    OFFSET_DELETE(ApiKey.OFFSET_DELETE),
    LIST_OFFSETS(ApiKey.LIST_OFFSETS),
    LEADER_EPOCH(ApiKey.OFFSET_FOR_LEADER_EPOCH),
    DELETE_RECORDS(ApiKey.DELETE_RECORDS),
    DESCRIBE_PRODUCERS(ApiKey.DESCRIBE_PRODUCERS),
    CONSUMER_GROUP(ApiKey.CONSUMER_GROUP_HEARTBEAT, ApiKey.CONSUMER_GROUP_DESCRIBE),
    SHARE_GROUP(ApiKey.SHARE_GROUP_HEARTBEAT, ApiKey.SHARE_GROUP_DESCRIBE),
    SHARE_FETCH(ApiKey.SHARE_FETCH),
    SHARE_ACKNOWLEDGE(ApiKey.SHARE_ACKNOWLEDGE),
    SHARE_OFFSETS(ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS, ApiKey.ALTER_SHARE_GROUP_OFFSETS, ApiKey.DELETE_SHARE_GROUP_OFFSETS),
    GROUP_ADMIN(ApiKey.LIST_GROUPS, ApiKey.DESCRIBE_GROUPS, ApiKey.DELETE_GROUPS),
    TOPIC(ApiKey.CREATE_TOPICS, ApiKey.DELETE_TOPICS),
    CREATE_PARTITIONS(ApiKey.CREATE_PARTITIONS),
    DESCRIBE_TOPIC_PARTITIONS(ApiKey.DESCRIBE_TOPIC_PARTITIONS),
    DESCRIBE_CLUSTER(ApiKey.DESCRIBE_CLUSTER),
    DESCRIBE_CONFIGS(ApiKey.DESCRIBE_CONFIGS),
    ALTER_CONFIGS(ApiKey.ALTER_CONFIGS),
    INCREMENTAL_ALTER_CONFIGS(ApiKey.INCREMENTAL_ALTER_CONFIGS),
    ELECT_LEADERS(ApiKey.ELECT_LEADERS),
    TRANSACTION(ApiKey.INIT_PRODUCER_ID, ApiKey.END_TXN),
    TRANSACTION_PARTS(ApiKey.ADD_PARTITIONS_TO_TXN, ApiKey.ADD_OFFSETS_TO_TXN),
    TRANSACTIONAL_COMMIT(ApiKey.TXN_OFFSET_COMMIT),
    TRANSACTION_ADMIN(ApiKey.DESCRIBE_TRANSACTIONS, ApiKey.LIST_TRANSACTIONS),
    DESCRIBE_LOG_DIRS(ApiKey.DESCRIBE_LOG_DIRS),
    TELEMETRY(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, ApiKey.PUSH_TELEMETRY);

    @SuppressWarnings("ImmutableEnumChecker") // it comes from List.of
    private final List<ApiKey> keys;

    ApiPart(ApiKey... keys) {
        this.keys = List.of(keys);
    }

    /** The APIs. */
    List<ApiKey> keys() {
        return keys;
    }

    /** Adds each of them. */
    void addTo(Apis apis, FakeKafka cluster) {
        switch (this) {
            case CLUSTER -> ClusterApis.addTo(apis, cluster);
            case SASL -> SaslApis.addTo(apis, cluster);
            case PRODUCE -> ProduceApi.addTo(apis, cluster);
            case FETCH -> FetchApi.addTo(apis, cluster);
            case COORDINATOR -> CoordinatorApis.addTo(apis, cluster);
            case CLASSIC_GROUP -> ClassicGroupApis.addTo(apis, cluster);
            case LEAVE_GROUP -> LeaveGroupApi.addTo(apis, cluster);
            case OFFSET_COMMIT -> OffsetCommitApi.addTo(apis, cluster);
            case OFFSET_FETCH -> OffsetFetchApi.addTo(apis, cluster);
            case OFFSET_DELETE -> OffsetDeleteApi.addTo(apis, cluster);
            case LIST_OFFSETS -> ListOffsetsApi.addTo(apis, cluster);
            case LEADER_EPOCH -> LeaderEpochApi.addTo(apis, cluster);
            case DELETE_RECORDS -> DeleteRecordsApi.addTo(apis, cluster);
            case DESCRIBE_PRODUCERS -> DescribeProducersApi.addTo(apis, cluster);
            case CONSUMER_GROUP -> ConsumerGroupApis.addTo(apis, cluster);
            case SHARE_GROUP -> ShareGroupApis.addTo(apis, cluster);
            case SHARE_FETCH -> ShareFetchApi.addTo(apis, cluster);
            case SHARE_ACKNOWLEDGE -> ShareAcknowledgeApi.addTo(apis, cluster);
            case SHARE_OFFSETS -> ShareOffsetsApis.addTo(apis, cluster);
            case GROUP_ADMIN -> GroupAdminApis.addTo(apis, cluster);
            case TOPIC -> TopicApis.addTo(apis, cluster);
            case CREATE_PARTITIONS -> CreatePartitionsApi.addTo(apis, cluster);
            case DESCRIBE_TOPIC_PARTITIONS -> DescribeTopicPartitionsApi.addTo(apis, cluster);
            case DESCRIBE_CLUSTER -> DescribeClusterApi.addTo(apis, cluster);
            case DESCRIBE_CONFIGS -> DescribeConfigsApi.addTo(apis, cluster);
            case ALTER_CONFIGS -> AlterConfigsApi.addTo(apis, cluster);
            case INCREMENTAL_ALTER_CONFIGS -> IncrementalAlterConfigsApi.addTo(apis, cluster);
            case ELECT_LEADERS -> ElectLeadersApi.addTo(apis, cluster);
            case TRANSACTION -> TransactionApis.addTo(apis, cluster);
            case TRANSACTION_PARTS -> TransactionPartsApis.addTo(apis, cluster);
            case TRANSACTIONAL_COMMIT -> TransactionalCommitApi.addTo(apis, cluster);
            case TRANSACTION_ADMIN -> TransactionAdminApis.addTo(apis, cluster);
            case DESCRIBE_LOG_DIRS -> DescribeLogDirsApi.addTo(apis, cluster);
            case TELEMETRY -> TelemetryApis.addTo(apis, cluster);
        }
    }
}
