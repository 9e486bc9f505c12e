package dev.kafkaboot.client.consumer;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest;
import dev.kafkaboot.protocol.message.ShareAcknowledgeResponse;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareFetchResponse;
import dev.kafkaboot.protocol.message.ShareFetchResponse.AcquiredRecords;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatResponse;
import dev.kafkaboot.record.RecordBatches;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A share group with one member at {@link ScriptedBrokers}: locks, delivery counts, and a share session with each broker. A leader knows of the records that it
 * acquired itself, and of those that are acknowledged.
 */
final class ScriptedShare {

    static final Uuid TOPIC_ID = new Uuid(7, 9);
    static final int LOCK_MILLIS = 30_000;

    private static final int ANOTHER = Integer.MAX_VALUE;

    private static final class Delivery {

        short count;
        int acquiredBy;
        boolean done;
    }

    private final ScriptedBrokers brokers;
    private final int partitions;
    private final Map<Integer, Integer> sessions = new HashMap<>();
    private final Map<Integer, Set<Integer>> fetched = new HashMap<>();
    private final Map<Integer, SortedMap<Long, Delivery>> deliveries = new HashMap<>();
    private final List<String> history = new ArrayList<>();
    private int epoch;

    /** Answers for a group that reads so many partitions. */
    ScriptedShare(ScriptedBrokers brokers, int partitions) {
        this.brokers = brokers;
        this.partitions = partitions;
        brokers.always(ApiKey.SHARE_GROUP_HEARTBEAT, asked -> {
            synchronized (this) {
                return heartbeat(asked.as(ShareGroupHeartbeatRequest.class));
            }
        });
        brokers.always(ApiKey.SHARE_FETCH, this::fetch);
        brokers.always(ApiKey.SHARE_ACKNOWLEDGE, this::acknowledge);
    }

    /** What happened: {@code join}, {@code leave}, {@code session N}, {@code closed N}, and acknowledgements as {@code partition:offset=type}. */
    synchronized List<String> history() {
        return List.copyOf(history);
    }

    /** The locks time out. */
    synchronized void expire() {
        deliveries.values().forEach(offsets -> offsets.values().forEach(each -> each.acquiredBy = 0));
        notifyAll();
    }

    /** The lock of a record times out, and another member gets it. */
    synchronized void giveToAnother(int partition, long offset) {
        deliveries.get(partition).get(offset).acquiredBy = ANOTHER;
    }

    /** Brokers forget their sessions. */
    synchronized void forgetSessions() {
        sessions.clear();
    }

    /** A request of the session with a broker is answered by the test itself. */
    synchronized void answeredElsewhere(int node) {
        sessions.merge(node, 1, Integer::sum);
    }

    private ShareGroupHeartbeatResponse heartbeat(ShareGroupHeartbeatRequest request) {
        ShareGroupHeartbeatResponse response = new ShareGroupHeartbeatResponse().memberId(request.memberId()).heartbeatIntervalMs(20);
        if (request.memberEpoch() < 0) {
            history.add("leave");
            return response.memberEpoch(-1);
        }
        if (request.memberEpoch() == 0) {
            history.add("join");
            epoch++;
            response.assignment(new ShareGroupHeartbeatResponse.Assignment().topicPartitions(List.of(new ShareGroupHeartbeatResponse.TopicPartitions()
                    .topicId(TOPIC_ID).partitions(IntStream.range(0, partitions).boxed().toList()))));
        }
        return response.memberEpoch(epoch);
    }

    /** The error of a session at an epoch; moves the session on if there is none. */
    private ErrorCode session(int node, int sessionEpoch) {
        if (sessionEpoch == 0) {
            history.add("session " + node);
            sessions.put(node, 1);
            fetched.put(node, new HashSet<>());
            releaseAll(node); // what was acquired in the session before
            return ErrorCode.NONE;
        }
        Integer expected = sessions.get(node);
        if (expected == null) {
            return ErrorCode.SHARE_SESSION_NOT_FOUND;
        }
        if (sessionEpoch < 0) {
            history.add("closed " + node);
            sessions.remove(node);
            return ErrorCode.NONE;
        }
        if (expected != sessionEpoch) {
            return ErrorCode.INVALID_SHARE_SESSION_EPOCH;
        }
        sessions.put(node, expected + 1);
        return ErrorCode.NONE;
    }

    synchronized ResponseMessage fetch(ScriptedBrokers.Asked asked) throws Exception {
        ShareFetchRequest request = asked.as(ShareFetchRequest.class);
        ErrorCode error = session(asked.node(), request.shareSessionEpoch());
        ShareFetchResponse response = new ShareFetchResponse().acquisitionLockTimeoutMs(LOCK_MILLIS).errorCode(error.code());
        if (error != ErrorCode.NONE) {
            return response;
        }
        Map<Integer, ShareFetchResponse.PartitionData> answers = new TreeMap<>();
        Set<Integer> session = fetched.get(asked.node());
        request.forgottenTopicsData().forEach(topic -> session.removeAll(topic.partitions()));
        request.topics().forEach(topic -> topic.partitions().forEach(partition -> {
            session.add(partition.partitionIndex());
            SortedMap<Long, Byte> types = new TreeMap<>();
            partition.acknowledgementBatches().forEach(batch -> put(types, batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()));
            if (!types.isEmpty()) {
                answers.put(partition.partitionIndex(), new ShareFetchResponse.PartitionData().partitionIndex(partition.partitionIndex())
                        .acknowledgeErrorCode(take(asked.node(), partition.partitionIndex(), types).code()));
            }
        }));
        long deadline = System.nanoTime() + request.maxWaitMs() * 1_000_000L;
        while (!acquire(asked, session, answers) && answers.isEmpty() && System.nanoTime() < deadline) {
            wait(Math.max(1, Math.min(20, (deadline - System.nanoTime()) / 1_000_000)));
        }
        if (!answers.isEmpty()) {
            response.responses(List.of(new ShareFetchResponse.ShareFetchableTopicResponse().topicId(TOPIC_ID).partitions(new ArrayList<>(answers.values()))));
        }
        return response;
    }

    private static void put(SortedMap<Long, Byte> types, long first, long last, List<Byte> told) {
        for (long offset = first; offset <= last; offset++) {
            types.put(offset, told.size() == 1 ? told.get(0) : told.get((int) (offset - first)));
        }
    }

    /** Acquires what is free in the partitions that a broker leads; true if there is something. */
    private boolean acquire(ScriptedBrokers.Asked asked, Set<Integer> session, Map<Integer, ShareFetchResponse.PartitionData> answers) throws Exception {
        boolean any = false;
        for (int partition : List.copyOf(session)) {
            FetchResponse.PartitionData log = log(asked.node(), partition, 0);
            ShareFetchResponse.PartitionData answer = new ShareFetchResponse.PartitionData().partitionIndex(partition).errorCode(log.errorCode());
            List<AcquiredRecords> acquired = new ArrayList<>();
            SortedMap<Long, Delivery> offsets = deliveries.computeIfAbsent(partition, first -> new TreeMap<>());
            for (long offset = 0; log.errorCode() == 0 && offset < log.highWatermark(); offset++) {
                Delivery delivery = offsets.computeIfAbsent(offset, first -> new Delivery());
                if (!delivery.done && delivery.acquiredBy != asked.node() && delivery.acquiredBy != ANOTHER) {
                    delivery.acquiredBy = asked.node();
                    delivery.count++;
                    acquired.add(new AcquiredRecords().firstOffset(offset).lastOffset(offset).deliveryCount(delivery.count));
                }
            }
            if (!acquired.isEmpty() || log.errorCode() != 0) {
                any = true;
                ShareFetchResponse.PartitionData before = answers.get(partition);
                answers.put(partition, answer.acquiredRecords(acquired).records(records(asked.node(), partition, log))
                        .acknowledgeErrorCode(before == null ? ErrorCode.NONE.code() : before.acknowledgeErrorCode()));
            }
        }
        return any;
    }

    /** All batches: a log hands out one at a time. */
    private Bytes records(int node, int partition, FetchResponse.PartitionData first) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Bytes next = first.records(); next != null && next.size() > 0; ) {
            all.writeBytes(next.toByteArray());
            long behind = RecordBatches.read(next.toSingleBuffer()).next().nextOffset();
            next = behind < first.highWatermark() ? log(node, partition, behind).records() : null;
        }
        return Bytes.wrap(all.toByteArray());
    }

    private FetchResponse.PartitionData log(int node, int partition, long offset) throws Exception {
        FetchRequest request = new FetchRequest().maxBytes(1 << 20).topics(List.of(new FetchRequest.FetchTopic().topic(ScriptedBrokers.TOPIC).topicId(TOPIC_ID)
                .partitions(List.of(new FetchRequest.FetchPartition().partition(partition).fetchOffset(offset).partitionMaxBytes(1 << 20).currentLeaderEpoch(-1)))));
        return brokers.logs().fetch(node, request, (short) 13).responses().get(0).partitions().get(0);
    }

    synchronized ResponseMessage acknowledge(ScriptedBrokers.Asked asked) {
        ShareAcknowledgeRequest request = asked.as(ShareAcknowledgeRequest.class);
        ErrorCode error = session(asked.node(), request.shareSessionEpoch());
        ShareAcknowledgeResponse response = new ShareAcknowledgeResponse().acquisitionLockTimeoutMs(LOCK_MILLIS).errorCode(error.code());
        if (error != ErrorCode.NONE) {
            return response;
        }
        List<ShareAcknowledgeResponse.PartitionData> answers = new ArrayList<>();
        request.topics().forEach(topic -> topic.partitions().forEach(partition -> {
            SortedMap<Long, Byte> types = new TreeMap<>();
            partition.acknowledgementBatches().forEach(batch -> put(types, batch.firstOffset(), batch.lastOffset(), batch.acknowledgeTypes()));
            answers.add(new ShareAcknowledgeResponse.PartitionData().partitionIndex(partition.partitionIndex())
                    .errorCode(take(asked.node(), partition.partitionIndex(), types).code()));
        }));
        if (request.shareSessionEpoch() < 0) {
            releaseAll(asked.node());
        }
        return answers.isEmpty() ? response
                : response.responses(List.of(new ShareAcknowledgeResponse.ShareAcknowledgeTopicResponse().topicId(TOPIC_ID).partitions(answers)));
    }

    private void releaseAll(int node) {
        deliveries.values().forEach(offsets -> offsets.values().stream().filter(each -> each.acquiredBy == node).forEach(each -> each.acquiredBy = 0));
    }

    /** Takes acknowledgements of a partition, all of them or none. */
    private ErrorCode take(int node, int partition, SortedMap<Long, Byte> types) {
        SortedMap<Long, Delivery> offsets = deliveries.computeIfAbsent(partition, first -> new TreeMap<>());
        boolean all = types.keySet().stream().allMatch(offset -> {
            Delivery delivery = offsets.get(offset);
            return delivery != null && !delivery.done && delivery.acquiredBy == node;
        });
        if (!all) {
            return ErrorCode.INVALID_RECORD_STATE;
        }
        types.forEach((offset, type) -> {
            history.add(partition + ":" + offset + "=" + type);
            Delivery delivery = offsets.get(offset);
            if (type == AcknowledgeType.RELEASE.id()) {
                delivery.acquiredBy = 0;
            } else if (type != AcknowledgeType.RENEW.id()) {
                delivery.done = true;
            }
        });
        notifyAll();
        return ErrorCode.NONE;
    }
}
