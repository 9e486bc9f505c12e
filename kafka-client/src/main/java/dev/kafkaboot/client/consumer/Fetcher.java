package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.ErrorAction;
import dev.kafkaboot.client.ErrorActions;
import dev.kafkaboot.client.IsolationLevel;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.consumer.FetchSession.Wanted;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.FetchResponse.FetchableTopicResponse;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import dev.kafkaboot.record.CorruptRecordException;
import dev.kafkaboot.record.RecordBatches;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Fetches ahead of what is handed out. On the loop, but for {@link #wake} and the count of buffered bytes.
 *
 * <p>Each broker has one fetch under way for the partitions that it leads and that have room: a partition may hold twice what one fetch brings, and all
 * together {@code buffer.memory}. As soon as an answer is there, the next fetch leaves, whether the application has polled or not. A partition without
 * room is left out and does not hold up its neighbours.
 */
final class Fetcher {

    /** From this version on topics are told by their ids (KIP-516). */
    private static final int FIRST_WITH_TOPIC_IDS = 13;

    private final ClientConnections connections;
    private final Assignment assignment;
    private final Positions positions;
    private final ConsumerListener listener;
    private final Runnable onRecords;
    private final Duration requestTimeout;
    private final Backoff backoff;
    private final int minBytes;
    private final int maxBytes;
    private final int maxPartitionBytes;
    private final Duration maxWait;
    private final long memory;
    private final IsolationLevel isolation;

    private final Map<Integer, FetchSession> sessions = new LinkedHashMap<>();
    private final Map<Integer, Integer> failures = new HashMap<>();
    private final Map<Integer, Long> notBefore = new HashMap<>();
    private final AtomicLong buffered = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private int turn;
    private boolean closed;

    Fetcher(
            ClientConnections connections, Assignment assignment, Positions positions, ClientConfig config, ConsumerListener listener,
            Runnable onRecords) {
        this.connections = connections;
        this.assignment = assignment;
        this.positions = positions;
        this.listener = listener;
        this.onRecords = onRecords;
        this.requestTimeout = config.get(CommonConfig.REQUEST_TIMEOUT);
        this.backoff = new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX));
        this.minBytes = config.get(ConsumerConfig.FETCH_MIN_BYTES);
        this.maxBytes = config.get(ConsumerConfig.FETCH_MAX_BYTES);
        this.maxPartitionBytes = config.get(ConsumerConfig.MAX_PARTITION_FETCH_BYTES);
        this.maxWait = config.get(ConsumerConfig.FETCH_MAX_WAIT);
        this.memory = config.get(ConsumerConfig.BUFFER_MEMORY);
        this.isolation = config.get(ConsumerConfig.ISOLATION_LEVEL);
    }

    /** There may be something to fetch. Any thread; calls that come together cost one wake-up. */
    void wake() {
        if (scheduled.compareAndSet(false, true)) {
            connections.loop().execute(() -> {
                scheduled.set(false);
                fetch();
            });
        }
    }

    /** Bytes that were fetched and not handed out. Any thread. */
    long bufferedBytes() {
        return buffered.get();
    }

    private void fetch() {
        if (closed) {
            return;
        }
        Map<Integer, Map<TopicPartition, Wanted>> byBroker = new LinkedHashMap<>();
        ClusterSnapshot cluster = connections.metadata().snapshot();
        boolean leaderMissing = false;
        List<PartitionState> states = assignment.states();
        if (!states.isEmpty()) {
            Collections.rotate(states, -(turn++ % states.size()));
        }
        for (PartitionState state : states) {
            Node leader = cluster.leader(state.partition);
            if (leader == null) {
                leaderMissing |= state.source == PartitionState.Source.KNOWN;
                continue;
            }
            FetchSession session = sessions.computeIfAbsent(leader.id(), id -> new FetchSession());
            if (!session.isInFlight()) {
                Wanted wanted = wanted(state, cluster);
                if (wanted != null) {
                    byBroker.computeIfAbsent(leader.id(), id -> new LinkedHashMap<>()).put(state.partition, wanted);
                }
            }
        }
        if (leaderMissing) {
            connections.metadata().requestRefresh();
            connections.loop().schedule(backoff.max(), this::wake);
        }
        byBroker.forEach(this::send);
    }

    private @Nullable Wanted wanted(PartitionState state, ClusterSnapshot cluster) {
        synchronized (assignment) {
            boolean fetchable = state.source == PartitionState.Source.KNOWN && !state.paused && !state.revoking && state.announced
                    && state.error == null;
            if (!fetchable || state.bufferedBytes >= maxPartitionBytes || buffered.get() >= memory) {
                return null;
            }
            if (state.fetchEpoch != state.epoch) {
                state.fetchEpoch = state.epoch;
                state.fetchOffset = state.position;
            }
            TopicInfo topic = cluster.topic(state.partition.topic());
            return new Wanted(topic == null ? Uuid.ZERO : topic.id(), state.fetchOffset, cluster.leaderEpoch(state.partition), maxPartitionBytes,
                    state.epoch);
        }
    }

    private void send(int broker, Map<TopicPartition, Wanted> wanted) {
        long now = connections.loop().nanoTime();
        long wait = notBefore.getOrDefault(broker, now) - now;
        if (wait > 0) {
            connections.loop().schedule(Duration.ofNanos(wait), this::wake);
            return;
        }
        FetchSession session = sessions.get(broker);
        if (session == null) {
            return;
        }
        long room = Math.max(maxPartitionBytes, memory - buffered.get());
        FetchRequest request = new FetchRequest()
                .maxWaitMs((int) maxWait.toMillis())
                .minBytes(minBytes)
                .maxBytes((int) Math.min(maxBytes, room))
                .isolationLevel(isolation.id());
        session.fill(request, wanted);
        boolean allHaveIds = wanted.values().stream().noneMatch(each -> each.topicId().equals(Uuid.ZERO));
        RequestOptions options = RequestOptions.of(ConnectionClass.FETCH, requestTimeout.plus(maxWait));
        connections.dispatchFrame(request, broker, allHaveIds ? options : options.upToVersion(FIRST_WITH_TOPIC_IDS - 1))
                .whenComplete((frame, failure) -> {
                    if (frame != null) {
                        answered(broker, session, frame, Duration.ofNanos(connections.loop().nanoTime() - now));
                    } else {
                        failed(broker, session, failure == null ? new IllegalStateException("The fetch had no outcome") : failure);
                    }
                    wake();
                });
    }

    private void failed(int broker, FetchSession session, Throwable failure) {
        session.reset();
        int count = failures.merge(broker, 1, Integer::sum);
        notBefore.put(broker, connections.loop().nanoTime() + backoff.after(count, connections.loop().random()).toNanos());
        if (!closed) {
            listener.fetchFailed(broker, failure);
            connections.metadata().requestRefresh();
        }
    }

    private void answered(int broker, FetchSession session, ReceivedFrame<FetchResponse> frame, Duration latency) {
        FetchResponse response = frame.response();
        ErrorCode error = ErrorCode.forCode(response.errorCode());
        if (error != ErrorCode.NONE || closed) {
            frame.release();
            session.reset();
            if (ErrorActions.of(ApiKey.FETCH, error) != ErrorAction.NEW_SESSION) {
                failed(broker, session, new BrokerException("fetch", error, ApiKey.FETCH, frame.broker(), null));
            }
            return;
        }
        failures.remove(broker);
        listener.fetched(broker, frame.sizeInBytes(), latency);
        Map<TopicPartition, Wanted> asked = session.sent();
        boolean records = false;
        for (FetchableTopicResponse topic : response.responses()) {
            String name = topic.topic().isEmpty() ? nameOf(topic.topicId(), asked) : topic.topic();
            for (PartitionData data : topic.partitions()) {
                Wanted wanted = name == null ? null : asked.get(new TopicPartition(name, data.partitionIndex()));
                if (name != null && wanted != null) {
                    records |= partition(new TopicPartition(name, data.partitionIndex()), wanted, data, response, frame);
                }
            }
        }
        session.answered(response.sessionId());
        frame.release();
        if (records) {
            onRecords.run();
        }
    }

    private static @Nullable String nameOf(Uuid id, Map<TopicPartition, Wanted> asked) {
        for (Map.Entry<TopicPartition, Wanted> entry : asked.entrySet()) {
            if (entry.getValue().topicId().equals(id)) {
                return entry.getKey().topic();
            }
        }
        return null;
    }

    /** Takes over the answer for one partition; true if a poll has reason to look. */
    private boolean partition(
            TopicPartition partition, Wanted wanted, PartitionData data, FetchResponse response, ReceivedFrame<FetchResponse> frame) {
        ErrorCode error = ErrorCode.forCode(data.errorCode());
        synchronized (assignment) {
            PartitionState state = assignment.find(partition);
            if (state == null || !state.isContinuedBy(wanted.positionEpoch(), wanted.offset())) {
                // It was taken away, sought, reset or dropped meanwhile, or another broker's answer came first.
                return false;
            }
            if (error == ErrorCode.NONE) {
                state.endOffset = isolation == IsolationLevel.READ_COMMITTED ? data.lastStableOffset() : data.highWatermark();
                Bytes records = data.records();
                return records != null && records.size() > 0 && take(state, wanted, data, records.toSingleBuffer(), frame);
            }
            if (error == ErrorCode.OFFSET_OUT_OF_RANGE) {
                positions.outOfRange(state);
                return true;
            }
            ErrorAction action = ErrorActions.of(ApiKey.FETCH, error);
            if (action == ErrorAction.REFRESH_METADATA) {
                takeOverLeader(partition, wanted.topicId(), data, response);
                connections.metadata().requestRefresh();
            }
            if (action.isRetry() || action == ErrorAction.NEW_SESSION) {
                backOff(frame.broker().id());
                return false;
            }
            state.error = new BrokerException(partition + " at offset " + wanted.offset(), error, ApiKey.FETCH, frame.broker(), null);
            return true;
        }
    }

    private void backOff(int broker) {
        notBefore.put(broker, connections.loop().nanoTime() + backoff.after(1, connections.loop().random()).toNanos());
    }

    private void takeOverLeader(TopicPartition partition, Uuid topicId, PartitionData data, FetchResponse response) {
        int leader = data.currentLeader().leaderId();
        if (leader >= 0) {
            Node node = response.nodeEndpoints().stream()
                    .filter(endpoint -> endpoint.nodeId() == leader)
                    .map(endpoint -> new Node(leader, endpoint.host(), endpoint.port(), endpoint.rack()))
                    .findFirst()
                    .orElse(null);
            connections.metadata().updateLeader(partition, topicId, leader, data.currentLeader().leaderEpoch(), node);
        }
    }

    private boolean take(
            PartitionState state, Wanted wanted, PartitionData data, ByteBuffer records, ReceivedFrame<FetchResponse> frame) {
        long next = wanted.offset();
        try {
            RecordBatches batches = RecordBatches.read(records);
            while (batches.hasNext()) {
                next = Math.max(next, batches.next().nextOffset());
            }
        } catch (CorruptRecordException corrupt) {
            // The polling thread comes upon it too, behind what can be read, and tells it; nothing is fetched behind it until then.
            next = next == wanted.offset() ? next + 1 : next;
        }
        if (next == wanted.offset()) {
            return false;
        }
        frame.retain();
        long size = records.remaining();
        List<FetchResponse.AbortedTransaction> aborted = data.abortedTransactions();
        state.fetched.addLast(new CompletedFetch(
                state.partition, state.epoch, wanted.offset(), records, aborted == null ? new ArrayList<>() : aborted, frame,
                bytes -> given(state, bytes)));
        state.bufferedBytes += size;
        buffered.addAndGet(size);
        state.fetchOffset = next;
        return true;
    }

    /** Memory came back. Any thread. */
    private void given(PartitionState state, long bytes) {
        synchronized (assignment) {
            state.bufferedBytes -= bytes;
        }
        buffered.addAndGet(-bytes);
        wake();
    }

    void close() {
        closed = true;
    }
}
