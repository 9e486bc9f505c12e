package dev.kafkaboot.protocol;

import java.util.HashMap;
import java.util.Map;

/** The errors that a broker can answer with. The definitions of the messages do not hold them; this table is kept by hand and checked by a test. */
public enum ErrorCode {
    UNKNOWN_SERVER_ERROR(-1, /* retriable= */ false, "The broker failed in a way that it has no code for; its log says more."),
    NONE(0, /* retriable= */ false, "No error."),
    OFFSET_OUT_OF_RANGE(1, /* retriable= */ false, "The offset lies outside of what the partition holds."),
    CORRUPT_MESSAGE(2, /* retriable= */ true, "The batch did not arrive as it was sent, or is not valid."),
    UNKNOWN_TOPIC_OR_PARTITION(3, /* retriable= */ true, "The broker knows no such topic or partition."),
    INVALID_FETCH_SIZE(4, /* retriable= */ false, "Invalid fetch size."),
    LEADER_NOT_AVAILABLE(5, /* retriable= */ true, "The partition has no leader at the moment."),
    NOT_LEADER_OR_FOLLOWER(6, /* retriable= */ true, "Another broker leads the partition."),
    REQUEST_TIMED_OUT(7, /* retriable= */ true, "The broker did not finish in the time it was given."),
    BROKER_NOT_AVAILABLE(8, /* retriable= */ false, "Broker not available."),
    REPLICA_NOT_AVAILABLE(9, /* retriable= */ true, "Replica not available."),
    MESSAGE_TOO_LARGE(10, /* retriable= */ false, "The batch is larger than the topic accepts (max.message.bytes)."),
    STALE_CONTROLLER_EPOCH(11, /* retriable= */ false, "Stale controller epoch."),
    OFFSET_METADATA_TOO_LARGE(12, /* retriable= */ false, "Offset metadata too large."),
    NETWORK_EXCEPTION(13, /* retriable= */ true, "Network exception."),
    COORDINATOR_LOAD_IN_PROGRESS(14, /* retriable= */ true, "The coordinator is still loading its state."),
    COORDINATOR_NOT_AVAILABLE(15, /* retriable= */ true, "There is no coordinator at the moment."),
    NOT_COORDINATOR(16, /* retriable= */ true, "Another broker is the coordinator."),
    INVALID_TOPIC_EXCEPTION(17, /* retriable= */ false, "Kafka does not allow this name for a topic, or not this operation on it."),
    RECORD_LIST_TOO_LARGE(18, /* retriable= */ false, "Record list too large."),
    NOT_ENOUGH_REPLICAS(19, /* retriable= */ true, "Fewer replicas are in sync than min.insync.replicas demands; nothing was written."),
    NOT_ENOUGH_REPLICAS_AFTER_APPEND(20, /* retriable= */ true, "The batch was written, but to fewer replicas than min.insync.replicas demands."),
    INVALID_REQUIRED_ACKS(21, /* retriable= */ false, "Invalid required acks."),
    ILLEGAL_GENERATION(22, /* retriable= */ false, "The group has moved on to a later generation."),
    INCONSISTENT_GROUP_PROTOCOL(23, /* retriable= */ false, "The members of the group have no protocol and assignment strategy in common with this one."),
    INVALID_GROUP_ID(24, /* retriable= */ false, "The group id is not valid."),
    UNKNOWN_MEMBER_ID(25, /* retriable= */ false, "The group has no such member any more."),
    INVALID_SESSION_TIMEOUT(26, /* retriable= */ false, "The session time-out lies outside of the broker's bounds (group.min.session.timeout.ms, group.max.session.timeout.ms)."),
    REBALANCE_IN_PROGRESS(27, /* retriable= */ false, "The group is rebalancing."),
    INVALID_COMMIT_OFFSET_SIZE(28, /* retriable= */ false, "Invalid commit offset size."),
    TOPIC_AUTHORIZATION_FAILED(29, /* retriable= */ false, "The user may not do this with the topic."),
    GROUP_AUTHORIZATION_FAILED(30, /* retriable= */ false, "The user may not do this with the group."),
    CLUSTER_AUTHORIZATION_FAILED(31, /* retriable= */ false, "The user may not do this with the cluster."),
    INVALID_TIMESTAMP(32, /* retriable= */ false, "Invalid timestamp."),
    UNSUPPORTED_SASL_MECHANISM(33, /* retriable= */ false, "Unsupported sasl mechanism."),
    ILLEGAL_SASL_STATE(34, /* retriable= */ false, "Illegal sasl state."),
    UNSUPPORTED_VERSION(35, /* retriable= */ false, "The broker does not speak this version of the request."),
    TOPIC_ALREADY_EXISTS(36, /* retriable= */ false, "A topic of this name exists."),
    INVALID_PARTITIONS(37, /* retriable= */ false, "The number of partitions is not valid."),
    INVALID_REPLICATION_FACTOR(38, /* retriable= */ false, "There are not enough brokers for this replication factor, or it is not valid."),
    INVALID_REPLICA_ASSIGNMENT(39, /* retriable= */ false, "Invalid replica assignment."),
    INVALID_CONFIG(40, /* retriable= */ false, "Invalid config."),
    NOT_CONTROLLER(41, /* retriable= */ true, "Another broker is the controller."),
    INVALID_REQUEST(42, /* retriable= */ false, "The broker finds the request invalid."),
    UNSUPPORTED_FOR_MESSAGE_FORMAT(43, /* retriable= */ false, "Unsupported for message format."),
    POLICY_VIOLATION(44, /* retriable= */ false, "Policy violation."),
    OUT_OF_ORDER_SEQUENCE_NUMBER(45, /* retriable= */ false, "The batch does not follow the last one that the broker has of this producer."),
    DUPLICATE_SEQUENCE_NUMBER(46, /* retriable= */ false, "The broker has the batch already."),
    INVALID_PRODUCER_EPOCH(47, /* retriable= */ false, "A newer producer of the same transactional id is at work."),
    INVALID_TXN_STATE(48, /* retriable= */ false, "Invalid txn state."),
    INVALID_PRODUCER_ID_MAPPING(49, /* retriable= */ false, "Invalid producer id mapping."),
    INVALID_TRANSACTION_TIMEOUT(50, /* retriable= */ false, "Invalid transaction timeout."),
    CONCURRENT_TRANSACTIONS(51, /* retriable= */ true, "Concurrent transactions."),
    TRANSACTION_COORDINATOR_FENCED(52, /* retriable= */ false, "Transaction coordinator fenced."),
    TRANSACTIONAL_ID_AUTHORIZATION_FAILED(53, /* retriable= */ false, "Transactional id authorization failed."),
    SECURITY_DISABLED(54, /* retriable= */ false, "Security disabled."),
    OPERATION_NOT_ATTEMPTED(55, /* retriable= */ false, "Operation not attempted."),
    KAFKA_STORAGE_ERROR(56, /* retriable= */ true, "The broker's disk failed."),
    LOG_DIR_NOT_FOUND(57, /* retriable= */ false, "Log dir not found."),
    SASL_AUTHENTICATION_FAILED(58, /* retriable= */ false, "The broker refused the credentials."),
    UNKNOWN_PRODUCER_ID(59, /* retriable= */ false, "The broker has forgotten the producer."),
    REASSIGNMENT_IN_PROGRESS(60, /* retriable= */ false, "Reassignment in progress."),
    DELEGATION_TOKEN_AUTH_DISABLED(61, /* retriable= */ false, "Delegation token auth disabled."),
    DELEGATION_TOKEN_NOT_FOUND(62, /* retriable= */ false, "Delegation token not found."),
    DELEGATION_TOKEN_OWNER_MISMATCH(63, /* retriable= */ false, "Delegation token owner mismatch."),
    DELEGATION_TOKEN_REQUEST_NOT_ALLOWED(64, /* retriable= */ false, "Delegation token request not allowed."),
    DELEGATION_TOKEN_AUTHORIZATION_FAILED(65, /* retriable= */ false, "Delegation token authorization failed."),
    DELEGATION_TOKEN_EXPIRED(66, /* retriable= */ false, "Delegation token expired."),
    INVALID_PRINCIPAL_TYPE(67, /* retriable= */ false, "Invalid principal type."),
    NON_EMPTY_GROUP(68, /* retriable= */ false, "Non empty group."),
    GROUP_ID_NOT_FOUND(69, /* retriable= */ false, "Group id not found."),
    FETCH_SESSION_ID_NOT_FOUND(70, /* retriable= */ true, "The broker has dropped the fetch session."),
    INVALID_FETCH_SESSION_EPOCH(71, /* retriable= */ true, "Invalid fetch session epoch."),
    LISTENER_NOT_FOUND(72, /* retriable= */ true, "Listener not found."),
    TOPIC_DELETION_DISABLED(73, /* retriable= */ false, "Topic deletion disabled."),
    FENCED_LEADER_EPOCH(74, /* retriable= */ true, "The client knows an older leader than the broker."),
    UNKNOWN_LEADER_EPOCH(75, /* retriable= */ true, "The client knows a newer leader than the broker."),
    UNSUPPORTED_COMPRESSION_TYPE(76, /* retriable= */ false, "Unsupported compression type."),
    STALE_BROKER_EPOCH(77, /* retriable= */ false, "Stale broker epoch."),
    OFFSET_NOT_AVAILABLE(78, /* retriable= */ true, "Offset not available."),
    MEMBER_ID_REQUIRED(79, /* retriable= */ false, "The member must join again with the id it was given."),
    PREFERRED_LEADER_NOT_AVAILABLE(80, /* retriable= */ true, "Preferred leader not available."),
    GROUP_MAX_SIZE_REACHED(81, /* retriable= */ false, "The group has as many members as it may have."),
    FENCED_INSTANCE_ID(82, /* retriable= */ false, "Another member with the same group.instance.id has joined."),
    ELIGIBLE_LEADERS_NOT_AVAILABLE(83, /* retriable= */ true, "Eligible leaders not available."),
    ELECTION_NOT_NEEDED(84, /* retriable= */ true, "Election not needed."),
    NO_REASSIGNMENT_IN_PROGRESS(85, /* retriable= */ false, "No reassignment in progress."),
    GROUP_SUBSCRIBED_TO_TOPIC(86, /* retriable= */ false, "Group subscribed to topic."),
    INVALID_RECORD(87, /* retriable= */ false, "The broker refused a record of the batch."),
    UNSTABLE_OFFSET_COMMIT(88, /* retriable= */ true, "Unstable offset commit."),
    THROTTLING_QUOTA_EXCEEDED(89, /* retriable= */ true, "Throttling quota exceeded."),
    PRODUCER_FENCED(90, /* retriable= */ false, "A newer producer of the same transactional id is at work."),
    RESOURCE_NOT_FOUND(91, /* retriable= */ false, "Resource not found."),
    DUPLICATE_RESOURCE(92, /* retriable= */ false, "Duplicate resource."),
    UNACCEPTABLE_CREDENTIAL(93, /* retriable= */ false, "Unacceptable credential."),
    INCONSISTENT_VOTER_SET(94, /* retriable= */ false, "Inconsistent voter set."),
    INVALID_UPDATE_VERSION(95, /* retriable= */ false, "Invalid update version."),
    FEATURE_UPDATE_FAILED(96, /* retriable= */ false, "Feature update failed."),
    PRINCIPAL_DESERIALIZATION_FAILURE(97, /* retriable= */ false, "Principal deserialization failure."),
    SNAPSHOT_NOT_FOUND(98, /* retriable= */ false, "Snapshot not found."),
    POSITION_OUT_OF_RANGE(99, /* retriable= */ false, "Position out of range."),
    UNKNOWN_TOPIC_ID(100, /* retriable= */ true, "The broker knows no topic with this id."),
    DUPLICATE_BROKER_REGISTRATION(101, /* retriable= */ false, "Duplicate broker registration."),
    BROKER_ID_NOT_REGISTERED(102, /* retriable= */ false, "Broker id not registered."),
    INCONSISTENT_TOPIC_ID(103, /* retriable= */ true, "Inconsistent topic id."),
    INCONSISTENT_CLUSTER_ID(104, /* retriable= */ false, "Inconsistent cluster id."),
    TRANSACTIONAL_ID_NOT_FOUND(105, /* retriable= */ false, "Transactional id not found."),
    FETCH_SESSION_TOPIC_ID_ERROR(106, /* retriable= */ true, "Fetch session topic id error."),
    INELIGIBLE_REPLICA(107, /* retriable= */ false, "Ineligible replica."),
    NEW_LEADER_ELECTED(108, /* retriable= */ false, "New leader elected."),
    OFFSET_MOVED_TO_TIERED_STORAGE(109, /* retriable= */ false, "Offset moved to tiered storage."),
    FENCED_MEMBER_EPOCH(110, /* retriable= */ false, "Fenced member epoch."),
    UNRELEASED_INSTANCE_ID(111, /* retriable= */ false, "Unreleased instance id."),
    UNSUPPORTED_ASSIGNOR(112, /* retriable= */ false, "Unsupported assignor."),
    STALE_MEMBER_EPOCH(113, /* retriable= */ false, "Stale member epoch."),
    MISMATCHED_ENDPOINT_TYPE(114, /* retriable= */ false, "Mismatched endpoint type."),
    UNSUPPORTED_ENDPOINT_TYPE(115, /* retriable= */ false, "Unsupported endpoint type."),
    UNKNOWN_CONTROLLER_ID(116, /* retriable= */ false, "Unknown controller id."),
    UNKNOWN_SUBSCRIPTION_ID(117, /* retriable= */ false, "Unknown subscription id."),
    TELEMETRY_TOO_LARGE(118, /* retriable= */ false, "Telemetry too large."),
    INVALID_REGISTRATION(119, /* retriable= */ false, "Invalid registration."),
    TRANSACTION_ABORTABLE(120, /* retriable= */ false, "Transaction abortable."),
    INVALID_RECORD_STATE(121, /* retriable= */ false, "Invalid record state."),
    SHARE_SESSION_NOT_FOUND(122, /* retriable= */ true, "Share session not found."),
    INVALID_SHARE_SESSION_EPOCH(123, /* retriable= */ true, "Invalid share session epoch."),
    FENCED_STATE_EPOCH(124, /* retriable= */ false, "Fenced state epoch."),
    INVALID_VOTER_KEY(125, /* retriable= */ false, "Invalid voter key."),
    DUPLICATE_VOTER(126, /* retriable= */ false, "Duplicate voter."),
    VOTER_NOT_FOUND(127, /* retriable= */ false, "Voter not found."),
    INVALID_REGULAR_EXPRESSION(128, /* retriable= */ false, "Invalid regular expression."),
    REBOOTSTRAP_REQUIRED(129, /* retriable= */ false, "The client must start anew from its bootstrap servers."),
    STREAMS_INVALID_TOPOLOGY(130, /* retriable= */ false, "Streams invalid topology."),
    STREAMS_INVALID_TOPOLOGY_EPOCH(131, /* retriable= */ false, "Streams invalid topology epoch."),
    STREAMS_TOPOLOGY_FENCED(132, /* retriable= */ false, "Streams topology fenced."),
    SHARE_SESSION_LIMIT_REACHED(133, /* retriable= */ true, "Share session limit reached."),
    GROUP_DELETION_FAILED(134, /* retriable= */ false, "Group deletion failed."),
    STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED(135, /* retriable= */ false, "Streams topology description update failed."),
    CONTROLLER_ID_NOT_REGISTERED(136, /* retriable= */ false, "Controller id not registered.");

    private static final Map<Short, ErrorCode> BY_CODE = new HashMap<>();

    static {
        for (ErrorCode error : values()) {
            BY_CODE.put(error.code, error);
        }
    }

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
        return BY_CODE.getOrDefault(code, UNKNOWN_SERVER_ERROR);
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
