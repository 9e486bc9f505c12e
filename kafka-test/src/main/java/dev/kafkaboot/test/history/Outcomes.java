package dev.kafkaboot.test.history;

import static dev.kafkaboot.test.history.Outcome.FAIL;
import static dev.kafkaboot.test.history.Outcome.OK;
import static dev.kafkaboot.test.history.Outcome.UNKNOWN;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one table that says what a client's failure means for a history: {@link Outcome#FAIL} if the operation was certainly not done, and never will be.
 *
 * <p>To call something failed that may have happened makes a checker cry wolf, so the table is about certainty and not about likelihood: an error that
 * answers the last of several attempts says nothing of those before it, and whatever is not in the table is unknown. What a client says about a send's
 * persistence goes before the error code, and that before the exception's name.
 */
public final class Outcomes {

    /** What the name of a row is. */
    public enum Kind {
        /** What the client says about persistence. */
        PERSISTENCE,
        /** The name of a broker's error code. */
        ERROR_CODE,
        /** The simple name of an exception's class, of this client or of Apache's. */
        EXCEPTION
    }

    /**
     * A row of the table.
     *
     * @param kind what the name is
     * @param name what the failure says
     * @param outcome what that means
     * @param reason why
     */
    public record Row(Kind kind, String name, Outcome outcome, String reason) {}

    private static final List<Row> ROWS = List.of(
            persistence("NOT_PERSISTED", FAIL, "the client knows that no attempt was written"),
            persistence("POSSIBLY_PERSISTED", UNKNOWN, "some attempt was written to the connection and not refused"),
            persistence("PERSISTED", OK, "the broker has the record; only its acknowledgement failed, and with it the offset"),

            code("MESSAGE_TOO_LARGE", FAIL, "a broker refuses the batch for what it is, each time"),
            code("RECORD_LIST_TOO_LARGE", FAIL, "a broker refuses the batch for what it is, each time"),
            code("INVALID_RECORD", FAIL, "a broker refuses the record for what it is, each time"),
            code("INVALID_TIMESTAMP", FAIL, "a broker refuses the record before it appends"),
            code("INVALID_TOPIC_EXCEPTION", FAIL, "there can be no such topic"),
            code("INVALID_REQUIRED_ACKS", FAIL, "a broker reads acks before it appends"),
            code("UNSUPPORTED_FOR_MESSAGE_FORMAT", FAIL, "a broker refuses the batch for what it is, each time"),
            code("UNSUPPORTED_COMPRESSION_TYPE", FAIL, "a broker refuses the batch for what it is, each time"),
            code("POLICY_VIOLATION", FAIL, "policies are asked before anything is done"),
            code("TOPIC_AUTHORIZATION_FAILED", FAIL, "permissions are checked before anything is done"),
            code("GROUP_AUTHORIZATION_FAILED", FAIL, "permissions are checked before anything is done"),
            code("CLUSTER_AUTHORIZATION_FAILED", FAIL, "permissions are checked before anything is done"),
            code("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", FAIL, "permissions are checked before anything is done"),
            code("SASL_AUTHENTICATION_FAILED", FAIL, "no request is accepted on a connection before it is authenticated"),
            code("OFFSET_METADATA_TOO_LARGE", FAIL, "a coordinator refuses the commit for what it is, each time"),
            code("INVALID_COMMIT_OFFSET_SIZE", FAIL, "a coordinator refuses the commit for what it is, each time"),
            code("INVALID_GROUP_ID", FAIL, "there can be no such group"),
            code("REQUEST_TIMED_OUT", UNKNOWN, "the leader has appended; followers may still copy it"),
            code("NOT_ENOUGH_REPLICAS_AFTER_APPEND", UNKNOWN, "the leader has appended"),
            code("NOT_ENOUGH_REPLICAS", UNKNOWN, "this attempt was refused, but one before it may have been appended"),
            code("NOT_LEADER_OR_FOLLOWER", UNKNOWN, "a leader may resign between append and answer (KAFKA-13574)"),
            code("NETWORK_EXCEPTION", UNKNOWN, "the request may have arrived"),
            code("UNKNOWN_SERVER_ERROR", UNKNOWN, "nothing is said about how far the broker came"),
            code("KAFKA_STORAGE_ERROR", UNKNOWN, "the disk failed during the append or after it"),
            code("OUT_OF_ORDER_SEQUENCE_NUMBER", UNKNOWN, "an earlier attempt may have been appended before the producer's state was lost"),
            code("UNKNOWN_PRODUCER_ID", UNKNOWN, "an earlier attempt may have been appended before the producer's state was lost"),
            code("PRODUCER_FENCED", UNKNOWN, "a coordinator fences after a transaction's time-out too, maybe after an earlier attempt succeeded"),
            code("INVALID_PRODUCER_EPOCH", UNKNOWN, "as PRODUCER_FENCED"),
            code("INVALID_TXN_STATE", UNKNOWN, "the state may be the result of an earlier attempt"),
            code("ILLEGAL_GENERATION", UNKNOWN, "the commit's earlier attempt may have been in time"),
            code("UNKNOWN_MEMBER_ID", UNKNOWN, "the commit's earlier attempt may have been in time"),
            code("FENCED_MEMBER_EPOCH", UNKNOWN, "the commit's earlier attempt may have been in time"),
            code("STALE_MEMBER_EPOCH", UNKNOWN, "the commit's earlier attempt may have been in time"),

            exception("RecordTooLargeException", FAIL, "the client refuses the record, or a broker does, each time"),
            exception("SerializationException", FAIL, "there was nothing to send"),
            exception("BufferExhaustedException", FAIL, "the record never got into the buffer"),
            exception("UnknownTopicException", FAIL, "the topic never appeared, so nothing of it was sent"),
            exception("InvalidTopicException", FAIL, "there can be no such topic"),
            exception("ConfigException", FAIL, "the client never came to be"),
            exception("IllegalArgumentException", FAIL, "the call was refused for its arguments"),
            exception("NullPointerException", FAIL, "the call was refused for its arguments"),
            exception("AuthenticationException", FAIL, "no request is accepted on a connection before it is authenticated"),
            exception("SaslAuthenticationException", FAIL, "no request is accepted on a connection before it is authenticated"),
            exception("TopicAuthorizationException", FAIL, "permissions are checked before anything is done"),
            exception("GroupAuthorizationException", FAIL, "permissions are checked before anything is done"),
            exception("ClusterAuthorizationException", FAIL, "permissions are checked before anything is done"),
            exception("TransactionalIdAuthorizationException", FAIL, "permissions are checked before anything is done"),
            exception("TimeoutException", UNKNOWN, "a request may be on its way; a commit's or a transaction's time-out is indefinite too"),
            exception("RequestTimeoutException", UNKNOWN, "the request may have arrived"),
            exception("DisconnectException", UNKNOWN, "the request may have arrived"),
            exception("InterruptException", UNKNOWN, "the wait was given up, not the operation"),
            exception("ClientClosedException", UNKNOWN, "what was under way at the close may have arrived"),
            exception("CommitFailedException", UNKNOWN, "the commit's earlier attempt may have been in time"),
            exception("ProducerFencedException", UNKNOWN, "as PRODUCER_FENCED"),
            exception("NotLeaderOrFollowerException", UNKNOWN, "as NOT_LEADER_OR_FOLLOWER"),
            exception("UnknownServerException", UNKNOWN, "as UNKNOWN_SERVER_ERROR"),
            exception("OutOfOrderSequenceException", UNKNOWN, "as OUT_OF_ORDER_SEQUENCE_NUMBER"),
            exception("IllegalStateException", UNKNOWN, "a client in the wrong state may have come there by this very operation's first attempt"));

    private static final Map<String, Outcome> TABLE = new HashMap<>();

    static {
        for (Row row : ROWS) {
            if (TABLE.put(key(row.kind(), row.name()), row.outcome()) != null) {
                throw new IllegalStateException("Two rows for " + row.name());
            }
        }
    }

    private Outcomes() {}

    /** What a failure means. */
    public static Outcome of(Failure failure) {
        Failure.Persistence persistence = failure.persistence();
        Outcome outcome = persistence == null ? null : find(Kind.PERSISTENCE, persistence.name());
        if (outcome == null) {
            outcome = find(Kind.ERROR_CODE, failure.errorCode());
        }
        if (outcome == null) {
            outcome = find(Kind.EXCEPTION, failure.exception());
        }
        return outcome == null ? UNKNOWN : outcome;
    }

    /** The whole table, with the reasons. */
    public static List<Row> rows() {
        return ROWS;
    }

    private static @Nullable Outcome find(Kind kind, @Nullable String name) {
        return name == null ? null : TABLE.get(key(kind, name));
    }

    private static String key(Kind kind, String name) {
        return kind + " " + name;
    }

    private static Row persistence(String name, Outcome outcome, String reason) {
        return new Row(Kind.PERSISTENCE, name, outcome, reason);
    }

    private static Row code(String name, Outcome outcome, String reason) {
        return new Row(Kind.ERROR_CODE, name, outcome, reason);
    }

    private static Row exception(String name, Outcome outcome, String reason) {
        return new Row(Kind.EXCEPTION, name, outcome, reason);
    }
}
