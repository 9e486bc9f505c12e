package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareFetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.ShareFetchRequest.FetchTopic;
import dev.kafkaboot.protocol.message.ShareFetchResponse;
import dev.kafkaboot.protocol.message.ShareFetchResponse.PartitionData;
import dev.kafkaboot.protocol.message.ShareFetchResponse.ShareFetchableTopicResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** ShareFetch (KIP-932): gives out records, and takes what is said of those that were given out before. */
final class ShareFetchApi {

    private static final byte STRICT = 1; // KIP-1206

    private final FakeKafka cluster;

    private ShareFetchApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        apis.add(new Api<>(ShareFetchRequest::new, new ShareFetchApi(cluster)::fetch, ShareFetchApi::failure));
    }

    private void fetch(Exchange<ShareFetchRequest, ShareFetchResponse> exchange) {
        ErrorCode error = check(exchange.request());
        ShareSessions sessions = exchange.broker().shareSessions();
        if (error == ErrorCode.NONE) {
            error = checkSession(exchange.request(), sessions);
        }
        if (error != ErrorCode.NONE) {
            exchange.reply(new ShareFetchResponse().errorCode(error.code()));
            return;
        }
        ShareSession session = session(exchange, sessions);
        boolean isLast = exchange.request().shareSessionEpoch() == ShareSessions.FINAL_EPOCH;
        boolean failsAtUnknown = !isLast && !Releases.isAtLeast(cluster.settings().release(), 4, 4);
        if (failsAtUnknown && session.partitions().stream().anyMatch(partition -> cluster.topics().find(partition.topicId()) == null)) {
            // That is what brokers say until 4.3, though the protocol has a better word for it.
            exchange.reply(new ShareFetchResponse().errorCode(ErrorCode.UNKNOWN_SERVER_ERROR.code()));
            return;
        }
        Map<GroupPartition, PartitionData> acknowledged = acknowledge(exchange);
        if (isLast) {
            sessions.end(session);
        }
        PendingShareFetch pending = new PendingShareFetch(cluster, exchange, session, acknowledged);
        if (isLast || exchange.request().isRenewAck()) {
            pending.replyWithoutRecords();
        } else {
            pending.start();
        }
    }

    private ErrorCode check(ShareFetchRequest request) {
        if (!ShareFeature.isOn(cluster.settings())) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        boolean asksForRecords = request.maxBytes() != 0 || request.minBytes() != 0 || request.maxRecords() != 0 || request.maxWaitMs() != 0;
        if (request.groupId() == null || !ShareSessions.isMemberId(request.memberId()) || request.isRenewAck() && asksForRecords) {
            return ErrorCode.INVALID_REQUEST;
        }
        return request.shareAcquireMode() < 0 || request.shareAcquireMode() > STRICT ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.NONE;
    }

    private static ShareSession.Key keyOf(ShareFetchRequest request) {
        return new ShareSession.Key(Objects.requireNonNull(request.groupId()), Objects.requireNonNull(request.memberId()));
    }

    private static ErrorCode checkSession(ShareFetchRequest request, ShareSessions sessions) {
        if (request.shareSessionEpoch() != ShareSessions.INITIAL_EPOCH) {
            return sessions.check(keyOf(request), request.shareSessionEpoch());
        }
        if (acknowledges(request)) {
            return ErrorCode.INVALID_REQUEST; // of what was given out in a session, only that session can tell
        }
        return sessions.hasRoomFor(keyOf(request)) ? ErrorCode.NONE : ErrorCode.SHARE_SESSION_LIMIT_REACHED;
    }

    private static boolean acknowledges(ShareFetchRequest request) {
        return request.topics().stream()
                .anyMatch(topic -> topic.partitions().stream().anyMatch(partition -> !partition.acknowledgementBatches().isEmpty()));
    }

    private static ShareSession session(Exchange<ShareFetchRequest, ShareFetchResponse> exchange, ShareSessions sessions) {
        ShareFetchRequest request = exchange.request();
        ShareSession known = sessions.find(keyOf(request));
        ShareSession session = request.shareSessionEpoch() == ShareSessions.INITIAL_EPOCH || known == null
                ? sessions.begin(keyOf(request), exchange.connection().number())
                : known;
        if (session == known && request.shareSessionEpoch() != ShareSessions.FINAL_EPOCH) {
            session.advance();
        }
        List<GroupPartition> forgotten = new ArrayList<>();
        request.forgottenTopicsData()
                .forEach(topic -> topic.partitions().forEach(index -> forgotten.add(new GroupPartition(topic.topicId(), index))));
        session.update(asked(request).keySet(), forgotten);
        return session;
    }

    private static Map<GroupPartition, FetchPartition> asked(ShareFetchRequest request) {
        Map<GroupPartition, FetchPartition> asked = new LinkedHashMap<>();
        for (FetchTopic topic : request.topics()) {
            topic.partitions().forEach(partition -> asked.put(new GroupPartition(topic.topicId(), partition.partitionIndex()), partition));
        }
        return asked;
    }

    private Map<GroupPartition, PartitionData> acknowledge(Exchange<ShareFetchRequest, ShareFetchResponse> exchange) {
        ShareFetchRequest request = exchange.request();
        ShareSession.Key who = keyOf(request);
        Map<GroupPartition, PartitionData> acknowledged = new LinkedHashMap<>();
        if (!acknowledges(request)) {
            return acknowledged;
        }
        // Where anything is said of records, brokers tell of all partitions that the request names.
        asked(request).forEach((key, partition) -> {
            SharePartitionAccess access = SharePartitionAccess.of(cluster, exchange.broker(), who.groupId(), key);
            Problem problem = access.partition() != null && partition.acknowledgementBatches().isEmpty()
                    ? Problem.of(ErrorCode.NONE)
                    : access.acknowledge(who.memberId(), verdicts(partition), request.isRenewAck());
            acknowledged.put(key, new PartitionData()
                    .partitionIndex(key.partition())
                    .acknowledgeErrorCode(problem.error().code())
                    .acknowledgeErrorMessage(problem.textIfOwn()));
        });
        return acknowledged;
    }

    private static List<ShareVerdict> verdicts(FetchPartition partition) {
        return partition.acknowledgementBatches().stream()
                .map(batch -> new ShareVerdict(batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()))
                .toList();
    }

    /**
     * An error that is about partitions is told of those that the request names, and one about records of those that it tells of, as a client understands it only
     * there; where it names none, and for every other error, of the request as a whole.
     */
    private static ShareFetchResponse failure(ShareFetchRequest request, short version, ErrorCode error) {
        boolean aboutPartitions = ShareErrors.isAboutPartitions(error);
        ShareFetchResponse response = new ShareFetchResponse().responses(request.topics().stream()
                .map(topic -> new ShareFetchableTopicResponse()
                        .topicId(topic.topicId())
                        .partitions(topic.partitions().stream().map(partition -> failure(partition, error)).toList()))
                .toList());
        return aboutPartitions && !request.topics().isEmpty() ? response : response.errorCode(error.code());
    }

    private static PartitionData failure(FetchPartition partition, ErrorCode error) {
        PartitionData data = new PartitionData().partitionIndex(partition.partitionIndex());
        if (error != ErrorCode.INVALID_RECORD_STATE) {
            data.errorCode(error.code());
        }
        return partition.acknowledgementBatches().isEmpty() ? data : data.acknowledgeErrorCode(error.code());
    }
}
