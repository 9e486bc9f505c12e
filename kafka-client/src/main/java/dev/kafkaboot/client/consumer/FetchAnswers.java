package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.consumer.FetchSession.Wanted;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FetchResponse.AbortedTransaction;
import dev.kafkaboot.protocol.message.FetchResponse.FetchableTopicResponse;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Applies the answers to fetches to the partitions. On the loop.
 *
 * <p>Whatever is told of a partition, records or an error, counts only if it was asked for where the buffer ends now ({@link PartitionState#isContinuedBy}).
 * Whether the position itself is wrong can be told only when nothing is buffered any more: then what was asked for is the position.
 */
final class FetchAnswers {

    private final ClientConnections connections;
    private final Assignment assignment;
    private final Positions positions;
    private final FetchMemory memory;
    private final IsolationLevel isolation;
    private final Duration preferredFor;
    private final Backoff backoff;
    private final Runnable onRecords;
    private final Runnable onRoom;

    /**
     * Applies nothing yet.
     *
     * @param preferredFor how long a replica is read from in the leader's place before the leader is asked again
     * @param onRecords called when polls have reason to look
     * @param onRoom called when memory has come back
     */
    FetchAnswers(
            ClientConnections connections, Assignment assignment, Positions positions, FetchMemory memory, IsolationLevel isolation,
            Duration preferredFor, Backoff backoff, Runnable onRecords, Runnable onRoom) {
        this.connections = connections;
        this.assignment = assignment;
        this.positions = positions;
        this.memory = memory;
        this.isolation = isolation;
        this.preferredFor = preferredFor;
        this.backoff = backoff;
        this.onRecords = onRecords;
        this.onRoom = onRoom;
    }

    /** A leader that a refusal names, to be told when all of the answer is applied. */
    private record NamedLeader(
            PartitionState state, long positionEpoch, Uuid topicId, FetchResponse.LeaderIdAndEpoch leader, FetchResponse response) {}

    /** Applies an answer, and releases it as far as it is not needed any more. */
    void apply(ReceivedFrame<FetchResponse> received, Map<TopicPartition, Wanted> asked) {
        FetchResponse response = received.response();
        Map<Uuid, String> names = new HashMap<>();
        asked.forEach((partition, wanted) -> names.put(wanted.topicId(), partition.topic()));
        boolean anything = false;
        List<NamedLeader> leaders = new ArrayList<>();
        Set<TopicPartition> refused = new HashSet<>();
        FetchedFrame frame = new FetchedFrame(received, memory, onRoom);
        try {
            for (FetchableTopicResponse topic : response.responses()) {
                String name = topic.topic().isEmpty() ? names.get(topic.topicId()) : topic.topic();
                for (PartitionData data : topic.partitions()) {
                    TopicPartition partition = name == null ? null : new TopicPartition(name, data.partitionIndex());
                    Wanted wanted = partition == null ? null : asked.get(partition);
                    if (partition != null && wanted != null) {
                        if (data.errorCode() != ErrorCode.NONE.code()) {
                            refused.add(partition);
                        }
                        anything |= apply(partition, wanted, data, received, frame, leaders);
                    }
                }
            }
            bind(asked, refused);
        } finally {
            frame.release();
        }
        leaders.forEach(this::takeOver);
        if (anything) {
            onRecords.run();
        }
    }

    /** Positions that the broker did not refuse are in the topics that it was asked for. Of those where nothing is new it tells nothing, if it keeps a session. */
    private void bind(Map<TopicPartition, Wanted> asked, Set<TopicPartition> refused) {
        synchronized (assignment) {
            asked.forEach((partition, wanted) -> {
                PartitionState state = assignment.find(partition);
                if (state != null && state.topicId == null && state.epoch == wanted.positionEpoch() && !wanted.topicId().equals(Uuid.ZERO)
                        && !refused.contains(partition)) {
                    state.topicId = wanted.topicId();
                }
            });
        }
    }

    /** Applies what is told of one partition; true if a poll has reason to look. */
    private boolean apply(
            TopicPartition partition, Wanted wanted, PartitionData data, ReceivedFrame<FetchResponse> received, FetchedFrame frame, List<NamedLeader> leaders) {
        ErrorCode error = ErrorCode.forCode(data.errorCode());
        synchronized (assignment) {
            PartitionState state = assignment.find(partition);
            if (state == null || !state.isContinuedBy(wanted.positionEpoch(), wanted.offset())) {
                // It was taken away, sought, reset or dropped meanwhile, or another broker's answer came first.
                return false;
            }
            if (error != ErrorCode.NONE) {
                return refused(state, wanted.topicId(), error, data, received, leaders);
            }
            state.fetchPace.succeeded();
            boolean isOfReplica = state.preferredReplica >= 0 && state.preferredReplica == received.broker().id();
            if (data.divergingEpoch().endOffset() >= 0 && !isLeader(received.broker(), partition)) {
                // Its log may end before what was read, because it lags behind: only what the leader says counts.
                state.giveUpReplica(connections.loop(), backoff);
                return false;
            }
            if (isOfReplica) {
                state.failedReplica = -1;
                state.replicaPace.succeeded();
            }
            if (data.divergingEpoch().endOffset() >= 0) {
                diverged(state, data.divergingEpoch().endOffset(), data.divergingEpoch().epoch());
                return true;
            }
            if (data.preferredReadReplica() >= 0) {
                named(state, data.preferredReadReplica());
            }
            state.endOffset = isolation == IsolationLevel.READ_COMMITTED ? data.lastStableOffset() : data.highWatermark();
            Bytes records = data.records();
            if (records == null || records.size() == 0) {
                return false;
            }
            take(state, data, records.toSingleBuffer(), frame);
            return true;
        }
    }

    private boolean isLeader(Node broker, TopicPartition partition) {
        Node leader = connections.metadata().snapshot().leader(partition);
        return leader != null && leader.id() == broker.id();
    }

    private void named(PartitionState state, int replica) {
        long now = connections.loop().nanoTime();
        if (replica == state.failedReplica && state.isForLeader(now)) {
            // It was asked to be read from itself and does not want to; without a pause the two would send this consumer back and forth.
            state.fetchPace.waitFor(state.replicaPace);
            return;
        }
        state.preferredReplica = replica;
        state.preferredUntil = now + Times.nanos(preferredFor);
    }

    private boolean refused(
            PartitionState state, Uuid topicId, ErrorCode error, PartitionData data, ReceivedFrame<FetchResponse> received, List<NamedLeader> leaders) {
        if (state.preferredReplica >= 0) {
            // A replica may lag behind, or be none any more: only what the leader says counts, which is asked at once.
            state.giveUpReplica(connections.loop(), backoff);
            state.fetchPace.succeeded();
            if (ErrorActions.of(ApiKey.FETCH, error) == ErrorAction.REFRESH_METADATA) {
                connections.metadata().requestRefresh();
            }
            return false;
        }
        state.fetchPace.failed(connections.loop(), backoff);
        if (error == ErrorCode.OFFSET_OUT_OF_RANGE) {
            if (state.fetchOffset == state.position) {
                positions.outOfRange(state);
            }
            return true;
        }
        ErrorAction action = ErrorActions.of(ApiKey.FETCH, error);
        if (action == ErrorAction.REFRESH_METADATA) {
            if (data.currentLeader().leaderId() >= 0) {
                leaders.add(new NamedLeader(state, state.epoch, topicId, data.currentLeader(), received.response()));
            }
            connections.metadata().requestRefresh();
        }
        if (action.isRetry() || action == ErrorAction.NEW_SESSION) {
            return false;
        }
        state.error = new BrokerException(state.partition + " at offset " + state.fetchOffset, error, ApiKey.FETCH, received.broker(), null);
        return true;
    }

    /** Without the assignment's lock: those who hear of it wake polls, and a poll that is about to wait looks at the assignment with the lock held that this takes. */
    private void takeOver(NamedLeader named) {
        PartitionState state = named.state;
        int leader = named.leader.leaderId();
        Node node = named.response.nodeEndpoints().stream()
                .filter(endpoint -> endpoint.nodeId() == leader)
                .map(endpoint -> new Node(leader, endpoint.host(), endpoint.port(), endpoint.rack()))
                .findFirst()
                .orElse(null);
        if (connections.metadata().updateLeader(state.partition, named.topicId, leader, named.leader.leaderEpoch(), node)) {
            synchronized (assignment) {
                if (state.epoch == named.positionEpoch) {
                    state.fetchPace.succeeded();
                }
            }
        }
    }

    /** The log does not hold any more what lies before the offset that was asked for (KIP-320). */
    private void diverged(PartitionState state, long endOffset, int leaderEpoch) {
        if (state.fetchOffset == state.position) {
            positions.truncated(state, endOffset, leaderEpoch);
        } else {
            // Some of what is buffered is gone from the log. The broker is asked about the position itself next.
            state.dropFetched();
        }
    }

    private void take(PartitionState state, PartitionData data, ByteBuffer records, FetchedFrame frame) {
        long size = records.remaining();
        List<AbortedTransaction> aborted = data.abortedTransactions();
        state.fetched.addLast(new CompletedFetch(
                state.partition, state.epoch, state.fetchOffset, records, aborted == null ? List.of() : aborted, frame, () -> given(state, size)));
        frame.retain();
        state.bufferedBytes += size;
        try {
            walk(state, records);
        } catch (Throwable failure) {
            state.dropFetched(); // where the buffer ends is not known
            throw failure;
        }
    }

    /** Moves the end of the buffer behind what can be read of the batches. */
    private static void walk(PartitionState state, ByteBuffer records) {
        long from = state.fetchOffset;
        try {
            RecordBatches batches = RecordBatches.read(records);
            while (batches.hasNext()) {
                RecordBatch batch = batches.next();
                if (batch.nextOffset() > state.fetchOffset) {
                    state.fetchOffset = batch.nextOffset();
                    state.fetchLeaderEpoch = batch.leaderEpoch();
                }
            }
        } catch (ProtocolException corrupt) {
            // The polling thread comes upon it too, behind what can be read, and tells it; nothing is fetched behind it.
            state.fetchEnds = true;
        }
        state.fetchEnds |= state.fetchOffset == from;
    }

    /** What was fetched of a partition is handed out or dropped. Any thread. */
    private void given(PartitionState state, long bytes) {
        synchronized (assignment) {
            state.bufferedBytes -= bytes;
        }
        onRoom.run();
    }
}
