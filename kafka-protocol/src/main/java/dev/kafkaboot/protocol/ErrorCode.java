package dev.kafkaboot.protocol;

/** The errors that a broker can answer with. The definitions of the messages do not hold them; this table is kept by hand and checked by a test. */
public enum ErrorCode {
    UNKNOWN_SERVER_ERROR(-1, /* retriable= */ false, "The broker failed in a way that it has no code for; its log says more."),
    NONE(0, /* retriable= */ false, "No error."),
    OFFSET_OUT_OF_RANGE(1, /* retriable= */ false, "The offset lies outside of what the partition holds."),
    CORRUPT_MESSAGE(2, /* retriable= */ true, "The batch did not arrive as it was sent, or is not valid."),
    UNKNOWN_TOPIC_OR_PARTITION(3, /* retriable= */ true, "The broker knows no such topic or partition."),
    INVALID_FETCH_SIZE(4, /* retriable= */ false, "The number of bytes to fetch is not valid."),
    LEADER_NOT_AVAILABLE(5, /* retriable= */ true, "The partition has no leader at the moment."),
    NOT_LEADER_OR_FOLLOWER(6, /* retriable= */ true, "Another broker leads the partition."),
    REQUEST_TIMED_OUT(7, /* retriable= */ true, "The broker did not finish in the time it was given."),
    BROKER_NOT_AVAILABLE(8, /* retriable= */ false, "The broker is not available."),
    REPLICA_NOT_AVAILABLE(9, /* retriable= */ true, "The broker has no replica of the partition that it could serve, which is normal while partitions move."),
    MESSAGE_TOO_LARGE(10, /* retriable= */ false, "The batch is larger than the topic accepts (max.message.bytes)."),
    STALE_CONTROLLER_EPOCH(11, /* retriable= */ false, "The controller has an older epoch than the broker knows."),
    OFFSET_METADATA_TOO_LARGE(12, /* retriable= */ false, "The text that goes with a committed offset is too long (offset.metadata.max.bytes)."),
    NETWORK_EXCEPTION(13, /* retriable= */ true, "The connection broke before the answer came."),
    COORDINATOR_LOAD_IN_PROGRESS(14, /* retriable= */ true, "The coordinator is still loading its state."),
    COORDINATOR_NOT_AVAILABLE(15, /* retriable= */ true, "There is no coordinator at the moment."),
    NOT_COORDINATOR(16, /* retriable= */ true, "Another broker is the coordinator."),
    INVALID_TOPIC_EXCEPTION(17, /* retriable= */ false, "Kafka does not allow this name for a topic, or not this operation on it."),
    RECORD_LIST_TOO_LARGE(18, /* retriable= */ false, "The batch is larger than a segment of the topic's log (segment.bytes)."),
    NOT_ENOUGH_REPLICAS(19, /* retriable= */ true, "Fewer replicas are in sync than min.insync.replicas demands; nothing was written."),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(20, /* retriable= */ true, "The batch was written, but to fewer replicas than min.insync.replicas demands."),
    INVALID_REQUIRED_ACKS(21, /* retriable= */ false, "acks is neither -1, 0 nor 1."),
    ILLEGAL_GENERATION(22, /* retriable= */ false, "The group has moved on to a later generation."),
    INCONSISTENT_GROUP_PROTOCOL(23, /* retriable= */ false, "The members of the group have no protocol and assignment strategy in common with this one."),
    INVALID_GROUP_ID(24, /* retriable= */ false, "The group id is not valid."),
    UNKNOWN_MEMBER_ID(25, /* retriable= */ false, "The group has no such member any more."),
    INVALID_SESSION_TIMEOUT(26, /* retriable= */ false, "The session time-out lies outside of the broker's bounds (group.min.session.timeout.ms, group.max.session.timeout.ms)."),
    REBALANCE_IN_PROGRESS(27, /* retriable= */ false, "The group is rebalancing."),
    INVALID_COMMIT_OFFSET_SIZE(28, /* retriable= */ false, "The committed offsets are too large to be stored."),
    TOPIC_AUTHORIZATION_FAILED(29, /* retriable= */ false, "The user may not do this with the topic."),
    GROUP_AUTHORIZATION_FAILED(30, /* retriable= */ false, "The user may not do this with the group."),
    CLUSTER_AUTHORIZATION_FAILED(31, /* retriable= */ false, "The user may not do this with the cluster."),
    INVALID_TIMESTAMP(32, /* retriable= */ false, "The record's timestamp is further from the broker's clock than the topic allows."),
    UNSUPPORTED_SASL_MECHANISM(33, /* retriable= */ false, "The broker does not offer this SASL mechanism."),
    ILLEGAL_SASL_STATE(34, /* retriable= */ false, "The request does not belong to this moment of the SASL handshake."),
    UNSUPPORTED_VERSION(35, /* retriable= */ false, "The broker does not speak this version of the request."),
    TOPIC_ALREADY_EXISTS(36, /* retriable= */ false, "A topic of this name exists."),
    INVALID_PARTITIONS(37, /* retriable= */ false, "The number of partitions is not valid."),
    INVALID_REPLICATION_FACTOR(38, /* retriable= */ false, "There are not enough brokers for this replication factor, or it is not valid."),
    INVALID_REPLICA_ASSIGNMENT(39, /* retriable= */ false, "The assignment of replicas to brokers is not valid."),
    INVALID_CONFIG(40, /* retriable= */ false, "The configuration is not valid."),
    NOT_CONTROLLER(41, /* retriable= */ true, "Another broker is the controller."),
    INVALID_REQUEST(42, /* retriable= */ false, "The broker finds the request invalid."),
    UNSUPPORTED_FOR_MESSAGE_FORMAT(43, /* retriable= */ false, "The format in which the topic stores its records does not allow this."),
    POLICY_VIOLATION(44, /* retriable= */ false, "A policy of the cluster does not allow this."),
    OUT_OF_ORDER_SEQUENCE_NUMBER(45, /* retriable= */ false, "The batch does not follow the last one that the broker has of this producer."),
    DUPLICATE_SEQUENCE_NUMBER(46, /* retriable= */ false, "The broker has the batch already."),
    INVALID_PRODUCER_EPOCH(47, /* retriable= */ false, "A newer producer of the same transactional id is at work."),
    INVALID_TXN_STATE(48, /* retriable= */ false, "The transaction is not in a state that allows this."),
    INVALID_PRODUCER_ID_MAPPING(49, /* retriable= */ false, "The producer id is not the one that belongs to the transactional id."),
    INVALID_TRANSACTION_TIMEOUT(50, /* retriable= */ false, "The transaction time-out is longer than the broker allows (transaction.max.timeout.ms)."),
    CONCURRENT_TRANSACTIONS(51, /* retriable= */ true, "The transaction before this one is still being completed."),
    TRANSACTION_COORDINATOR_FENCED(52, /* retriable= */ false, "A newer transaction coordinator has taken over."),
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED(53, /* retriable= */ false, "The user may not use the transactional id."),
    SECURITY_DISABLED(54, /* retriable= */ false, "The cluster has no security features switched on."),
    OPERATION_NOT_ATTEMPTED(55, /* retriable= */ false, "This was not tried, because another part of the request failed."),
    KAFKA_STORAGE_ERROR(56, /* retriable= */ true, "The broker's disk failed."),
    LOG_DIR_NOT_FOUND(57, /* retriable= */ false, "The broker has no such log directory."),
    SASL_AUTHENTICATION_FAILED(58, /* retriable= */ false, "The broker refused the credentials."),
    UNKNOWN_PRODUCER_ID(59, /* retriable= */ false, "The broker has forgotten the producer."),
    REASSIGNMENT_IN_PROGRESS(60, /* retriable= */ false, "The partition is being reassigned."),
    DELEGATION_TOKEN_AUTH_DISABLED(61, /* retriable= */ false, "The cluster does not use delegation tokens."),
    DELEGATION_TOKEN_NOT_FOUND(62, /* retriable= */ false, "The broker knows no such delegation token."),
    DELEGATION_TOKEN_OWNER_MISMATCH(63, /* retriable= */ false, "The delegation token belongs to another user."),
    DELEGATION_TOKEN_REQUEST_NOT_ALLOWED(64, /* retriable= */ false, "Delegation tokens cannot be managed on a connection like this: it is not secured, or it uses such a token itself."),
    DELEGATION_TOKEN_AUTHORIZATION_FAILED(65, /* retriable= */ false, "The user may not use the delegation token."),
    DELEGATION_TOKEN_EXPIRED(66, /* retriable= */ false, "The delegation token has expired."),
    INVALID_PRINCIPAL_TYPE(67, /* retriable= */ false, "A user of this type is not supported."),
    NON_EMPTY_GROUP(68, /* retriable= */ false, "The group still has members."),
    GROUP_ID_NOT_FOUND(69, /* retriable= */ false, "There is no such group."),
    FETCH_SESSION_ID_NOT_FOUND(70, /* retriable= */ true, "The broker has dropped the fetch session."),
    INVALID_FETCH_SESSION_EPOCH(71, /* retriable= */ true, "The fetch session is at another epoch."),
    LISTENER_NOT_FOUND(72, /* retriable= */ true, "The partition's leader has no listener of the name of the one that the client is connected to."),
    TOPIC_DELETION_DISABLED(73, /* retriable= */ false, "The cluster does not allow topics to be deleted (delete.topic.enable)."),
    FENCED_LEADER_EPOCH(74, /* retriable= */ true, "The client knows an older leader than the broker."),
    UNKNOWN_LEADER_EPOCH(75, /* retriable= */ true, "The client knows a newer leader than the broker."),
    UNSUPPORTED_COMPRESSION_TYPE(76, /* retriable= */ false, "The version of the request does not know the compression of the batch."),
    STALE_BROKER_EPOCH(77, /* retriable= */ false, "The broker has been registered again since."),
    OFFSET_NOT_AVAILABLE(78, /* retriable= */ true, "The leader is new and does not know yet up to where its partition is committed."),
    MEMBER_ID_REQUIRED(79, /* retriable= */ false, "The member must join again with the id it was given."),
    PREFERRED_LEADER_NOT_AVAILABLE(80, /* retriable= */ true, "The preferred leader is not available."),
    GROUP_MAX_SIZE_REACHED(81, /* retriable= */ false, "The group has as many members as it may have."),
    FENCED_INSTANCE_ID(82, /* retriable= */ false, "Another member with the same group.instance.id has joined."),
    ELIGIBLE_LEADERS_NOT_AVAILABLE(83, /* retriable= */ true, "No replica that may become the leader is available."),
    ELECTION_NOT_NEEDED(84, /* retriable= */ true, "The partition needs no election of a leader."),
    NO_REASSIGNMENT_IN_PROGRESS(85, /* retriable= */ false, "The partition is not being reassigned."),
    GROUP_SUBSCRIBED_TO_TOPIC(86, /* retriable= */ false, "The group is subscribed to the topic, so that its offsets cannot be deleted."),
    INVALID_RECORD(87, /* retriable= */ false, "The broker refused a record of the batch."),
    UNSTABLE_OFFSET_COMMIT(88, /* retriable= */ true, "A transaction that commits offsets of the group has not ended."),
    THROTTLING_QUOTA_EXCEEDED(89, /* retriable= */ true, "A quota is used up for the moment."),
    PRODUCER_FENCED(90, /* retriable= */ false, "A newer producer of the same transactional id is at work."),
    RESOURCE_NOT_FOUND(91, /* retriable= */ false, "There is no such resource."),
    DUPLICATE_RESOURCE(92, /* retriable= */ false, "The request names the same resource twice, or there is one already."),
    UNACCEPTABLE_CREDENTIAL(93, /* retriable= */ false, "The credential does not meet the cluster's rules."),
    INCONSISTENT_VOTER_SET(94, /* retriable= */ false, "The sender and the receiver know different voters."),
    INVALID_UPDATE_VERSION(95, /* retriable= */ false, "The version of the update is not valid."),
    FEATURE_UPDATE_FAILED(96, /* retriable= */ false, "The features could not be updated."),
    PRINCIPAL_DESERIALIZATION_FAILURE(97, /* retriable= */ false, "The user of a forwarded request could not be read."),
    SNAPSHOT_NOT_FOUND(98, /* retriable= */ false, "There is no such snapshot."),
    POSITION_OUT_OF_RANGE(99, /* retriable= */ false, "The position lies outside of the snapshot."),
    UNKNOWN_TOPIC_ID(100, /* retriable= */ true, "The broker knows no topic with this id."),
    DUPLICATE_BROKER_REGISTRATION(101, /* retriable= */ false, "A broker with this id is registered."),
    BROKER_ID_NOT_REGISTERED(102, /* retriable= */ false, "No broker with this id is registered."),
    INCONSISTENT_TOPIC_ID(103, /* retriable= */ true, "The topic id is not the one that the broker has for the partition."),
    INCONSISTENT_CLUSTER_ID(104, /* retriable= */ false, "The cluster id is not the one of this cluster."),
    TRANSACTIONAL_ID_NOT_FOUND(105, /* retriable= */ false, "The coordinator knows no such transactional id."),
    FETCH_SESSION_TOPIC_ID_ERROR(106, /* retriable= */ true, "Some requests of the fetch session named topics by id and others did not."),
    INELIGIBLE_REPLICA(107, /* retriable= */ false, "A replica may not be in sync now."),
    NEW_LEADER_ELECTED(108, /* retriable= */ false, "A new leader was elected by the change."),
    OFFSET_MOVED_TO_TIERED_STORAGE(109, /* retriable= */ false, "The offset is in tiered storage, and not on the broker any more."),
    FENCED_MEMBER_EPOCH(110, /* retriable= */ false, "The coordinator has fenced the member: it must join again with epoch 0."),
    UNRELEASED_INSTANCE_ID(111, /* retriable= */ false, "Another member holds the group.instance.id and has not left."),
    UNSUPPORTED_ASSIGNOR(112, /* retriable= */ false, "The coordinator has no such assignor."),
    STALE_MEMBER_EPOCH(113, /* retriable= */ false, "The member is at a newer epoch than the request: ask again with the new one."),
    MISMATCHED_ENDPOINT_TYPE(114, /* retriable= */ false, "The request went to a controller where a broker was meant, or the other way round."),
    UNSUPPORTED_ENDPOINT_TYPE(115, /* retriable= */ false, "The server does not know this type of endpoint."),
    UNKNOWN_CONTROLLER_ID(116, /* retriable= */ false, "There is no controller with this id."),
    UNKNOWN_SUBSCRIPTION_ID(117, /* retriable= */ false, "The set of metrics that is subscribed to has changed: ask for it again."),
    TELEMETRY_TOO_LARGE(118, /* retriable= */ false, "The pushed metrics are larger than the broker accepts."),
    INVALID_REGISTRATION(119, /* retriable= */ false, "The controller finds the registration of the broker invalid."),
    TRANSACTION_ABORTABLE(120, /* retriable= */ false, "The transaction has failed and must be aborted; the producer can go on with another one."),
    INVALID_RECORD_STATE(121, /* retriable= */ false, "The record is not acquired by this share consumer, so that it cannot acknowledge it."),
    SHARE_SESSION_NOT_FOUND(122, /* retriable= */ true, "The broker has dropped the share session."),
    INVALID_SHARE_SESSION_EPOCH(123, /* retriable= */ true, "The share session is at another epoch."),
    FENCED_STATE_EPOCH(124, /* retriable= */ false, "The state of the share partition is at a newer epoch."),
    INVALID_VOTER_KEY(125, /* retriable= */ false, "The voter's id and directory are not those that the quorum knows."),
    DUPLICATE_VOTER(126, /* retriable= */ false, "The voter is a member of the quorum already."),
    VOTER_NOT_FOUND(127, /* retriable= */ false, "The quorum has no such voter."),
    INVALID_REGULAR_EXPRESSION(128, /* retriable= */ false, "The regular expression is not valid: the broker reads it as RE2 does."),
    REBOOTSTRAP_REQUIRED(129, /* retriable= */ false, "The client must start anew from its bootstrap servers."),
    STREAMS_INVALID_TOPOLOGY(130, /* retriable= */ false, "The topology of the streams group is not valid."),
    STREAMS_INVALID_TOPOLOGY_EPOCH(131, /* retriable= */ false, "The topology's epoch is not valid."),
    STREAMS_TOPOLOGY_FENCED(132, /* retriable= */ false, "The streams group has moved on to a newer topology."),
    SHARE_SESSION_LIMIT_REACHED(133, /* retriable= */ true, "The broker holds as many share sessions as it may."),
    GROUP_DELETION_FAILED(134, /* retriable= */ false, "The group could not be deleted."),
    STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED(135, /* retriable= */ false, "The description of the streams group's topology could not be stored."),
    CONTROLLER_ID_NOT_REGISTERED(136, /* retriable= */ false, "No controller with this id is registered.");

    /** All of them; that with code -1 comes first, and no code is left out. */
    private static final ErrorCode[] BY_CODE = values();

    private final short code;
    private final boolean retriable;
    private final String message;

    ErrorCode(int code, boolean retriable, String message) {
        this.code = (short) code;
        this.retriable = retriable;
        this.message = message;
    }

    /** The error with a code; one that is not known is {@link #UNKNOWN_SERVER_ERROR}. */
    public static ErrorCode forCode(short code) {
        int index = code + 1;
        return index >= 0 && index < BY_CODE.length ? BY_CODE[index] : UNKNOWN_SERVER_ERROR;
    }

    /** The code at the wire. */
    public short code() {
        return code;
    }

    /** Whether the same request may succeed later. */
    public boolean isRetriable() {
        return retriable;
    }

    /** What it means, as a sentence. */
    public String message() {
        return message;
    }
}
