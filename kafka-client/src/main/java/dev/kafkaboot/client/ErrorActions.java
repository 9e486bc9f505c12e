package dev.kafkaboot.client;

import static dev.kafkaboot.client.ErrorAction.ABORT;
import static dev.kafkaboot.client.ErrorAction.FAIL;
import static dev.kafkaboot.client.ErrorAction.FATAL;
import static dev.kafkaboot.client.ErrorAction.FIND_COORDINATOR;
import static dev.kafkaboot.client.ErrorAction.NEW_SESSION;
import static dev.kafkaboot.client.ErrorAction.REFRESH_METADATA;
import static dev.kafkaboot.client.ErrorAction.REJOIN;
import static dev.kafkaboot.client.ErrorAction.RETRY;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import java.util.EnumMap;
import java.util.Map;

/**
 * The one table that says, for an error code in the answer to a request, what is done.
 *
 * <p>A code means the same in most answers, so the first half of the table is by code; the second half has the requests in which it means something else.
 * A code that is in neither is retried if Kafka calls it retriable, and told to the user otherwise.
 */
public final class ErrorActions {

    private static final Map<ErrorCode, ErrorAction> BY_CODE = new EnumMap<>(ErrorCode.class);
    private static final Map<ApiKey, Map<ErrorCode, ErrorAction>> BY_REQUEST = new EnumMap<>(ApiKey.class);

    static {
        always(ErrorAction.NONE, ErrorCode.NONE);

        // The wrong broker was asked, or from old knowledge.
        always(REFRESH_METADATA,
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.LEADER_NOT_AVAILABLE, ErrorCode.NOT_LEADER_OR_FOLLOWER,
                ErrorCode.REPLICA_NOT_AVAILABLE, ErrorCode.KAFKA_STORAGE_ERROR, ErrorCode.LISTENER_NOT_FOUND, ErrorCode.FENCED_LEADER_EPOCH,
                ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.INCONSISTENT_TOPIC_ID, ErrorCode.NOT_CONTROLLER, ErrorCode.NETWORK_EXCEPTION);
        always(FIND_COORDINATOR, ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE);

        // It passes by itself. UNKNOWN_LEADER_EPOCH: the broker is behind the client, not the other way round.
        always(RETRY,
                ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, ErrorCode.REQUEST_TIMED_OUT, ErrorCode.NOT_ENOUGH_REPLICAS,
                ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, ErrorCode.CONCURRENT_TRANSACTIONS, ErrorCode.UNKNOWN_LEADER_EPOCH,
                ErrorCode.OFFSET_NOT_AVAILABLE, ErrorCode.UNSTABLE_OFFSET_COMMIT, ErrorCode.THROTTLING_QUOTA_EXCEEDED);

        always(REJOIN,
                ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.ILLEGAL_GENERATION, ErrorCode.REBALANCE_IN_PROGRESS, ErrorCode.MEMBER_ID_REQUIRED,
                ErrorCode.FENCED_MEMBER_EPOCH);
        always(NEW_SESSION,
                ErrorCode.FETCH_SESSION_ID_NOT_FOUND, ErrorCode.INVALID_FETCH_SESSION_EPOCH, ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR,
                ErrorCode.SHARE_SESSION_NOT_FOUND, ErrorCode.INVALID_SHARE_SESSION_EPOCH);

        always(ABORT, ErrorCode.INVALID_TXN_STATE, ErrorCode.INVALID_PRODUCER_ID_MAPPING, ErrorCode.TRANSACTION_ABORTABLE);
        always(FATAL,
                ErrorCode.FENCED_INSTANCE_ID, ErrorCode.PRODUCER_FENCED, ErrorCode.INVALID_PRODUCER_EPOCH,
                ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, ErrorCode.SASL_AUTHENTICATION_FAILED, ErrorCode.UNSUPPORTED_SASL_MECHANISM,
                ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.INVALID_GROUP_ID, ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                ErrorCode.INVALID_SESSION_TIMEOUT, ErrorCode.GROUP_MAX_SIZE_REACHED);

        // Produce: an epoch that is too low is the end of a batch, and only of the producer when a transaction's coordinator says so (KIP-588).
        in(ApiKey.PRODUCE, ABORT, ErrorCode.INVALID_PRODUCER_EPOCH);
        in(ApiKey.PRODUCE, RETRY, ErrorCode.CORRUPT_MESSAGE);

        // Transactions: what the coordinator does not take is the end of the transaction; what it says of the producer is the end of that. An end of which it
        // says that something went wrong may have been noted all the same, and means the same when it is asked for again.
        in(ApiKey.INIT_PRODUCER_ID, FATAL, ErrorCode.INVALID_TRANSACTION_TIMEOUT, ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        in(ApiKey.ADD_PARTITIONS_TO_TXN, ABORT,
                ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.UNKNOWN_PRODUCER_ID, ErrorCode.OPERATION_NOT_ATTEMPTED);
        in(ApiKey.ADD_OFFSETS_TO_TXN, ABORT, ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.INVALID_GROUP_ID, ErrorCode.UNKNOWN_PRODUCER_ID);
        in(ApiKey.TXN_OFFSET_COMMIT, ABORT,
                ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.INVALID_GROUP_ID, ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.UNKNOWN_PRODUCER_ID,
                ErrorCode.FENCED_INSTANCE_ID, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.ILLEGAL_GENERATION, ErrorCode.FENCED_MEMBER_EPOCH,
                ErrorCode.STALE_MEMBER_EPOCH);
        in(ApiKey.TXN_OFFSET_COMMIT, FIND_COORDINATOR, ErrorCode.REQUEST_TIMED_OUT);
        in(ApiKey.END_TXN, RETRY, ErrorCode.UNKNOWN_SERVER_ERROR);
        in(ApiKey.END_TXN, ABORT, ErrorCode.UNKNOWN_PRODUCER_ID);

        // Fetch: a batch that is damaged on the broker's disk is damaged at the next attempt too.
        in(ApiKey.FETCH, FAIL, ErrorCode.CORRUPT_MESSAGE);
        in(ApiKey.SHARE_FETCH, FAIL, ErrorCode.CORRUPT_MESSAGE);

        // Share groups: it is the broker that has lost its coordinator, and it finds it again by itself. It calls trouble of that kind unknown too when it fetches.
        in(ApiKey.SHARE_FETCH, RETRY, ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.UNKNOWN_SERVER_ERROR);
        in(ApiKey.SHARE_ACKNOWLEDGE, RETRY, ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE);

        // Offsets of groups that rebalance are not the old member's to commit. A commit that timed out may be repeated: it says the same.
        in(ApiKey.OFFSET_FETCH, FIND_COORDINATOR, ErrorCode.REQUEST_TIMED_OUT);
        in(ApiKey.OFFSET_COMMIT, FIND_COORDINATOR, ErrorCode.REQUEST_TIMED_OUT);
        in(ApiKey.OFFSET_COMMIT, REJOIN, ErrorCode.STALE_MEMBER_EPOCH, ErrorCode.GROUP_ID_NOT_FOUND);

        // A group that is gone has no members (KIP-848).
        in(ApiKey.CONSUMER_GROUP_HEARTBEAT, REJOIN, ErrorCode.GROUP_ID_NOT_FOUND);
        in(ApiKey.SHARE_GROUP_HEARTBEAT, REJOIN, ErrorCode.GROUP_ID_NOT_FOUND);

        // Admin: what is to be deleted and is not there will not come back; what is to be made is not there as long as it is not made.
        in(ApiKey.DELETE_TOPICS, FAIL, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.UNKNOWN_TOPIC_ID);
        in(ApiKey.DESCRIBE_CONFIGS, FAIL, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        in(ApiKey.DESCRIBE_GROUPS, FAIL, ErrorCode.GROUP_AUTHORIZATION_FAILED);
        in(ApiKey.FIND_COORDINATOR, RETRY, ErrorCode.COORDINATOR_NOT_AVAILABLE);
        in(ApiKey.FIND_COORDINATOR, FAIL, ErrorCode.GROUP_AUTHORIZATION_FAILED);
    }

    private ErrorActions() {}

    private static void always(ErrorAction action, ErrorCode... codes) {
        for (ErrorCode code : codes) {
            BY_CODE.put(code, action);
        }
    }

    private static void in(ApiKey request, ErrorAction action, ErrorCode... codes) {
        Map<ErrorCode, ErrorAction> row = BY_REQUEST.computeIfAbsent(request, absent -> new EnumMap<>(ErrorCode.class));
        for (ErrorCode code : codes) {
            row.put(code, action);
        }
    }

    /** What is done about an error code in the answer to a request. */
    public static ErrorAction of(ApiKey request, ErrorCode code) {
        Map<ErrorCode, ErrorAction> row = BY_REQUEST.get(request);
        ErrorAction special = row == null ? null : row.get(code);
        if (special != null) {
            return special;
        }
        ErrorAction general = BY_CODE.get(code);
        if (general != null) {
            return general;
        }
        return code.isRetriable() ? RETRY : FAIL;
    }
}
