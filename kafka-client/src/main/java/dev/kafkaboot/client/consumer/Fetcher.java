package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
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
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches ahead of what is handed out. On the loop, but for {@link #wake}.
 *
 * <p>Each broker has one fetch under way for the partitions that are read from it and that have room: a partition may hold twice what one fetch brings, and
 * all together {@code buffer.memory}, of which each request reserves what it asks for. As soon as an answer is there, the next fetch leaves, whether the
 * application has polled or not. A partition without room, or one that was refused a moment ago, is left out and does not hold up its neighbours; where there
 * is no room at all, what was fetched of paused partitions makes way, to be fetched again when they are resumed; and so does what was fetched of partitions of which
 * nothing may be handed out before something is marked.
 *
 * <p>A fetch waits at the broker for records to come, and nothing else can be fetched there meanwhile. So one that leaves partitions out for want of room waits
 * no longer than the last of them has been full: if the application takes what it has in a time, the next fetch is there in no more than that again, and if it
 * does not, the broker is asked less and less often, up to {@code fetch.max.wait.ms}.
 *
 * <p>What the answers do to the partitions is told by {@link FetchAnswers}.
 */
final class Fetcher {

    /** From this version on topics are told by their ids (KIP-516). */
    private static final int FIRST_WITH_TOPIC_IDS = 13;

    /** From this version on a broker compares its log with what was read before (KIP-320, KIP-595). */
    private static final int FIRST_WITH_LAST_EPOCH = 12;

    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

    private final ClientConnections connections;
    private final Assignment assignment;
    private final Positions positions;
    private final FetchAnswers answers;
    private final FetchMemory memory;
    private final Runnable onRecords;
    private final ConsumerListener listener;
    private final GroupFailure refusals;
    private final Duration requestTimeout;
    private final Backoff backoff;
    private final int minBytes;
    private final int maxBytes;
    private final int maxPartitionBytes;
    private final Duration maxWait;
    private final IsolationLevel isolation;
    private final String rack;

    private final Map<Integer, FetchSession> sessions = new HashMap<>();
    private final Map<Integer, Pace> paces = new HashMap<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Alarm alarm;
    private int turn;
    private boolean closed;

    Fetcher(
            ClientConnections connections, Assignment assignment, Positions positions, ClientConfig config, ConsumerListener listener,
            GroupFailure refusals, Runnable onRecords) {
        this.connections = connections;
        this.assignment = assignment;
        this.positions = positions;
        this.listener = listener;
        this.refusals = refusals;
        this.requestTimeout = config.get(CommonConfig.REQUEST_TIMEOUT);
        this.backoff = new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX));
        this.minBytes = config.get(ConsumerConfig.FETCH_MIN_BYTES);
        this.maxBytes = config.get(ConsumerConfig.FETCH_MAX_BYTES);
        this.maxPartitionBytes = config.get(ConsumerConfig.MAX_PARTITION_FETCH_BYTES);
        this.maxWait = config.get(ConsumerConfig.FETCH_MAX_WAIT);
        this.isolation = config.get(ConsumerConfig.ISOLATION_LEVEL);
        this.rack = Objects.requireNonNullElse(config.find(CommonConfig.CLIENT_RACK), "");
        this.memory = new FetchMemory(config.get(ConsumerConfig.BUFFER_MEMORY));
        this.onRecords = onRecords;
        this.answers = new FetchAnswers(
                connections, assignment, positions, memory, isolation, config.get(CommonConfig.METADATA_MAX_AGE), backoff, onRecords, this::wake);
        this.alarm = new Alarm(loop(), this::wake);
    }

    private EventLoop loop() {
        return connections.loop();
    }

    /** There may be something to fetch. Any thread; calls that come together cost one wake-up. */
    void wake() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                loop().execute(() -> {
                    scheduled.set(false);
                    fetch();
                });
            } catch (ClientClosedException ended) {
                LOG.debug("Nothing is fetched any more: {}", ended.getMessage());
            }
        }
    }

    /** What was fetched last of a partition is damaged: it is fetched again after a pause, in case it was damaged on its way. Any thread. */
    void fetchAgain(PartitionState state) {
        CompletedFetch damaged;
        synchronized (assignment) {
            damaged = state.fetched.peekFirst();
        }
        loop().execute(() -> {
            synchronized (assignment) {
                if (damaged != null && state.fetched.peekFirst() == damaged) {
                    state.dropFetched();
                    state.fetchPace.failed(loop(), backoff);
                }
            }
            fetch();
        });
    }

    private void fetch() {
        if (closed) {
            return;
        }
        Map<Integer, Long> fullForNanos = new HashMap<>();
        Map<Integer, Map<TopicPartition, Wanted>> byBroker = plan(fullForNanos);
        if (!byBroker.isEmpty() && isShort()) {
            dropHeldBack();
        }
        int brokers = Math.max(1, sessions.size());
        byBroker.forEach((broker, wanted) -> send(broker, wanted, brokers, waitMillis(fullForNanos.get(broker))));
    }

    /** The least room with which there is sense in a request. */
    private long least() {
        return Math.min(maxPartitionBytes, memory.limit() / 2);
    }

    private boolean isShort() {
        return memory.used() > 0 && memory.limit() - memory.used() < least();
    }

    /** Drops what was fetched and may not be handed out. */
    private void dropHeldBack() {
        synchronized (assignment) {
            for (PartitionState state : assignment.states()) {
                boolean isUnmarked = state.mayHandOut() <= 0;
                if ((state.paused || isUnmarked || state.unreadable) && !state.taken) {
                    state.dropFetched();
                    state.awaitsMarks = isUnmarked;
                    if (state.unreadable) {
                        state.fetchPace.failed(loop(), backoff); // it comes again to be told of; until then there is room for others
                    }
                }
            }
        }
    }

    private int waitMillis(@Nullable Long fullForNanos) {
        long longest = Math.min(Integer.MAX_VALUE, maxWait.toMillis());
        return (int) (fullForNanos == null ? longest : Math.min(longest, Math.max(1, TimeUnit.NANOSECONDS.toMillis(fullForNanos))));
    }

    /**
     * What to ask for.
     *
     * @param fullForNanos gets, for each broker of which partitions are left out for want of room, how long the last of them has been full
     */
    private Map<Integer, Map<TopicPartition, Wanted>> plan(Map<Integer, Long> fullForNanos) {
        long now = loop().nanoTime();
        ClusterSnapshot cluster = connections.metadata().snapshot();
        Map<Integer, Map<TopicPartition, Wanted>> byBroker = new LinkedHashMap<>();
        List<PartitionState> states = assignment.states();
        if (!states.isEmpty()) {
            Collections.rotate(states, -(turn++ % states.size()));
        }
        boolean leaderMissing = false;
        boolean isToTell = false;
        for (PartitionState state : states) {
            synchronized (assignment) {
                if (isFull(state, now)) {
                    fullForNanos.merge(state.fetchBroker, now - state.fullSinceNanos, Math::min);
                    continue;
                }
                if (!isFetchable(state, now)) {
                    continue;
                }
                Integer source = source(state, cluster, now);
                if (source == null) {
                    leaderMissing |= state.error == null;
                    isToTell |= state.error != null;
                    continue;
                }
                if (isFree(source, now) && isInItsTopic(state, cluster)) {
                    state.fetchBroker = source;
                    byBroker.computeIfAbsent(source, id -> new LinkedHashMap<>()).put(state.partition, wanted(state, cluster));
                }
                isToTell |= state.error != null;
            }
        }
        if (isToTell) {
            // Not before the lock is given back: a poll that is about to wait looks for it with the lock held that waking it takes.
            onRecords.run();
        }
        if (leaderMissing) {
            connections.metadata().requestRefresh();
            alarm.noLaterThan(now + backoff.max().toNanos());
        }
        return byBroker;
    }

    private boolean isFull(PartitionState state, long now) {
        boolean wasFull = state.isFull;
        state.isFull = state.isReadable() && state.error == null && state.bufferedBytes >= maxPartitionBytes;
        if (state.isFull && !wasFull) {
            state.fullSinceNanos = now;
        }
        return state.isFull;
    }

    private boolean isFetchable(PartitionState state, long now) {
        boolean fetchable = state.isReadable() && state.error == null;
        if (fetchable && !state.fetchPace.isDue(now)) {
            alarm.noLaterThan(state.fetchPace.due());
            return false;
        }
        state.awaitsMarks = state.mayHandOut() <= 0 && (state.awaitsMarks || isShort());
        boolean endsHere = state.fetchEnds || state.unreadable && !state.fetched.isEmpty();
        return fetchable && !state.awaitsMarks && !(state.fetchEpoch == state.epoch && endsHere);
    }

    private boolean isFree(int broker, long now) {
        Pace pace = paces.computeIfAbsent(broker, id -> new Pace());
        if (!pace.isDue(now)) {
            alarm.noLaterThan(pace.due());
            return false;
        }
        return !sessions.computeIfAbsent(broker, id -> new FetchSession()).isInFlight();
    }

    /** The broker to read from: the leader, or the replica that it has named; null if there is none now. */
    private @Nullable Integer source(PartitionState state, ClusterSnapshot cluster, long now) {
        if (state.preferredReplica >= 0 && (now - state.preferredUntil >= 0 || cluster.node(state.preferredReplica) == null)) {
            state.preferredReplica = -1;
        }
        Node leader = cluster.leader(state.partition);
        if (leader == null) {
            TopicInfo topic = cluster.topic(state.partition.topic());
            ErrorCode error = topic == null ? ErrorCode.NONE : topic.error();
            if (error != ErrorCode.NONE && !error.isRetriable()) {
                state.fetchPace.failed(loop(), backoff);
                state.error = new BrokerException(state.partition.toString(), error, ApiKey.METADATA, null, null);
            }
            return null;
        }
        return state.preferredReplica >= 0 ? state.preferredReplica : Integer.valueOf(leader.id());
    }

    /** Whether the topic is the one in which the position is; one that was made anew is another one, and read as its reset policy says. */
    private boolean isInItsTopic(PartitionState state, ClusterSnapshot cluster) {
        Uuid now = topicId(state, cluster);
        Uuid bound = state.topicId;
        if (bound == null || now.equals(Uuid.ZERO) || now.equals(bound)) {
            return true;
        }
        positions.topicMadeAnew(state);
        return false;
    }

    private static Uuid topicId(PartitionState state, ClusterSnapshot cluster) {
        TopicInfo topic = cluster.topic(state.partition.topic());
        return topic == null ? Uuid.ZERO : topic.id();
    }

    private Wanted wanted(PartitionState state, ClusterSnapshot cluster) {
        state.beginFetching();
        return new Wanted(topicId(state, cluster), state.fetchOffset, cluster.leaderEpoch(state.partition), state.fetchLeaderEpoch, maxPartitionBytes,
                state.epoch);
    }

    private void send(int broker, Map<TopicPartition, Wanted> wanted, int brokers, int waitMillis) {
        long share = Math.max(least(), memory.limit() / brokers);
        long reserved = memory.reserve(Math.min(Math.min(maxBytes, (long) maxPartitionBytes * wanted.size()), share), least());
        if (reserved == 0) {
            return; // whoever gives memory back wakes this
        }
        FetchSession session = Objects.requireNonNull(sessions.get(broker));
        FetchRequest request = new FetchRequest()
                .maxWaitMs(waitMillis)
                .minBytes(minBytes)
                .maxBytes((int) reserved)
                .isolationLevel(isolation.id())
                .rackId(isForLeader(wanted) ? "" : rack);
        session.fill(request, wanted);
        boolean allHaveIds = wanted.values().stream().noneMatch(each -> each.topicId().equals(Uuid.ZERO));
        RequestOptions options = RequestOptions.of(ConnectionClass.FETCH, requestTimeout.plus(maxWait));
        long sent = loop().nanoTime();
        connections.<FetchResponse>dispatchFrame(
                        ApiKey.FETCH, version -> version < FIRST_WITH_LAST_EPOCH ? withoutLastEpochs(request) : request, broker,
                        allHaveIds ? options : options.upToVersion(FIRST_WITH_TOPIC_IDS - 1))
                .whenComplete((frame, failure) -> {
                    memory.release(reserved);
                    try {
                        if (frame != null) {
                            answered(broker, session, frame, Duration.ofNanos(loop().nanoTime() - sent));
                        } else {
                            failed(broker, session, failure == null ? new IllegalStateException("The fetch had no outcome") : failure);
                        }
                    } catch (Throwable defect) { // nobody looks at what comes of this, and a session that is never given back is never used again
                        broken(broker, session, defect);
                    } finally {
                        wake();
                    }
                });
    }

    private void broken(int broker, FetchSession session, Throwable defect) {
        session.reset();
        paces.computeIfAbsent(broker, id -> new Pace()).failed(loop(), backoff);
        LOG.error("What broker {} has answered to a fetch could not be dealt with; it is asked again", broker, defect);
    }

    /** Whether a leader is to be read from itself: it names no replica to one who tells no rack. */
    private boolean isForLeader(Map<TopicPartition, Wanted> wanted) {
        if (rack.isEmpty()) {
            return false;
        }
        long now = loop().nanoTime();
        synchronized (assignment) {
            return wanted.keySet().stream().map(assignment::find).anyMatch(state -> state != null && state.isForLeader(now));
        }
    }

    private static FetchRequest withoutLastEpochs(FetchRequest request) {
        request.topics().forEach(topic -> topic.partitions().forEach(partition -> partition.lastFetchedEpoch(-1)));
        return request;
    }

    private void failed(int broker, FetchSession session, Throwable failure) {
        session.reset();
        paces.computeIfAbsent(broker, id -> new Pace()).failed(loop(), backoff);
        synchronized (assignment) {
            assignment.states().stream().filter(state -> state.preferredReplica == broker).forEach(state -> state.giveUpReplica(loop(), backoff));
        }
        if (!closed) {
            listener.fetchFailed(broker, failure);
            if (Failures.cause(failure) instanceof AuthenticationException refusal) {
                refusals.refused(broker, refusal);
            }
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
        paces.computeIfAbsent(broker, id -> new Pace()).succeeded();
        refusals.admitted(broker);
        listener.fetched(broker, frame.sizeInBytes(), latency);
        answers.apply(frame, session.sent());
        session.answered(response.sessionId());
    }

    void close() {
        closed = true;
        alarm.cancel();
    }
}
