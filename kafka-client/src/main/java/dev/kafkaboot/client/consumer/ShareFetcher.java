package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Decides which broker of a share group's member is asked what, and when. On the loop.
 *
 * <p>What is fetched is locked from that moment on, so nothing is fetched ahead: brokers are asked when a poll waits and nothing is buffered, for no longer than
 * it waits. Acknowledgements ride on that fetch if they can, and have a request of their own if nothing is fetched, or if they renew locks or are about partitions
 * that are not read any more. One request is under way in each session ({@link ShareSession}), and in all of them over the connection class of fetches: the broker
 * ends a session with the connection that it came by.
 *
 * <p>Every acknowledgement ends with the broker's answer or a failure, and is out of this in the end: it is outstanding until then, and a commit waits for all that
 * are.
 */
final class ShareFetcher {

    private final ClientConnections connections;
    private final ShareMembership membership;
    private final ShareBuffer buffer;
    private final ShareRequests requests;
    private final Duration apiTimeout;
    private final Backoff backoff;
    private final boolean oneBrokerAtATime;
    private final Alarm alarm;

    private final Map<Integer, ShareSession> sessions = new TreeMap<>();
    private final Map<Integer, Pace> brokerPaces = new TreeMap<>();
    private final Map<TopicIdPartition, Pace> partitionPaces = new TreeMap<>();
    private final Map<Object, Long> waitingPolls = new LinkedHashMap<>();
    private final Set<Acknowledgement> outstanding = new LinkedHashSet<>();
    private CompletableFuture<Void> left = CompletableFuture.completedFuture(null);
    private boolean running;
    private boolean again;

    /** The broker whose turn it was last. */
    private int lastInTurn = -1;

    ShareFetcher(
            ClientConnections connections, ShareMembership membership, ShareBuffer buffer, ClientConfig config, ConsumerListener listener,
            ShareRequests.Observer observer) {
        this.connections = connections;
        this.membership = membership;
        this.buffer = buffer;
        this.apiTimeout = config.get(CommonConfig.DEFAULT_API_TIMEOUT);
        this.backoff = new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX));
        this.oneBrokerAtATime = config.get(ShareConsumerConfig.ACQUIRE_MODE) == ShareAcquireMode.RECORD_LIMIT;
        this.requests = new ShareRequests(connections, membership, this, buffer, config, listener, observer);
        this.alarm = new Alarm(loop(), this::run);
    }

    private EventLoop loop() {
        return connections.loop();
    }

    /** A poll waits for records until a time of the loop's clock. */
    void want(Object poll, long deadline) {
        waitingPolls.put(poll, deadline);
    }

    /** A poll does not wait any more. */
    void unwant(Object poll) {
        waitingPolls.remove(poll);
    }

    /** Something has come. Whoever waits looks at it, and asks again if another was faster; until then nobody is known to want more. */
    void served() {
        waitingPolls.clear();
    }

    /** Sends acknowledgements with the next requests; each completes in the end. */
    void submit(Collection<Acknowledgement> acknowledgements) {
        acknowledgements.forEach(each -> {
            each.deadline(loop().nanoTime() + Times.nanos(apiTimeout));
            outstanding.add(each);
            each.outcome().thenRun(() -> outstanding.remove(each));
            if (each.session().end() != null) {
                each.complete(each.session().end());
            } else if (each.session().isOvertaken(each)) {
                overtaken(each);
            } else {
                each.session().waiting().add(each);
            }
        });
    }

    /** Something was acquired: what is to be said of it from an earlier time is not sent any more. */
    void dropOvertaken(ShareSession session) {
        List.copyOf(session.waiting()).stream().filter(session::isOvertaken).forEach(each -> {
            session.waiting().remove(each);
            overtaken(each);
        });
    }

    private static void overtaken(Acknowledgement each) {
        each.complete(new BrokerException(each.partition().toString(), ErrorCode.INVALID_RECORD_STATE, null, null,
                "acknowledged after the lock was over, and given to this consumer again since"));
    }

    /** What was submitted and has no outcome yet. */
    List<Acknowledgement> outstanding() {
        return List.copyOf(outstanding);
    }

    /** Sends what there is to send. What is called back in the middle of it does not get in its way. */
    void run() {
        again = true;
        if (running) {
            return;
        }
        running = true;
        try {
            while (again) {
                again = false;
                runOnce();
            }
        } finally {
            running = false;
        }
    }

    /** Does something to its end before anything is sent. What is to be sent because of it is sent by the next {@link #run}. */
    void withhold(Runnable step) {
        boolean before = running;
        running = true;
        try {
            step.run();
        } finally {
            running = before;
        }
    }

    private void runOnce() {
        ClusterSnapshot cluster = connections.metadata().snapshot();
        Map<Integer, Set<TopicIdPartition>> wanted = waitingPolls.isEmpty() || !buffer.isEmpty() ? Map.of() : plan(cluster);
        wanted.keySet().forEach(broker -> sessions.computeIfAbsent(broker, ShareSession::new));
        for (ShareSession session : List.copyOf(sessions.values())) {
            if (!session.isInFlight()) {
                requests.dropMoved(session, cluster);
                next(session, wanted.getOrDefault(session.brokerId(), Set.of()));
            }
        }
    }

    private void next(ShareSession session, Set<TopicIdPartition> wanted) {
        List<Acknowledgement> due = due(session);
        List<Acknowledgement> farewell = session.farewell();
        if (farewell != null) {
            if (!due.isEmpty()) {
                requests.acknowledge(session, due, /* last= */ false);
            } else if (session.waiting().isEmpty()) {
                requests.acknowledge(session, List.copyOf(farewell), /* last= */ true);
            }
        } else if (wanted.isEmpty() || !due.stream().allMatch(each -> wanted.contains(each.partition()) && !each.isRenewal())) {
            if (!due.isEmpty() || isToBeUsed(session)) {
                requests.acknowledge(session, due, /* last= */ false);
            }
        } else {
            long longest = waitingPolls.values().stream().mapToLong(deadline -> deadline - loop().nanoTime()).max().orElse(0);
            requests.fetch(session, wanted, due, Duration.ofNanos(Math.max(0, longest)));
        }
    }

    /** Whether the connection would be closed for idleness while locks hang on it: the application works on what it was given, and nothing else is sent. */
    private boolean isToBeUsed(ShareSession session) {
        OptionalLong next = session.nextUse(connections.maxIdle().dividedBy(2));
        boolean isDue = next.isPresent() && next.getAsLong() - loop().nanoTime() <= 0;
        if (next.isPresent() && !isDue) {
            alarm.noLaterThan(next.getAsLong());
        }
        return isDue;
    }

    /** What may be sent now: of each offset only what was said first, so that what was said later comes later; and what is to be sent alone, alone. */
    private List<Acknowledgement> due(ShareSession session) {
        long now = loop().nanoTime();
        List<Acknowledgement> due = new ArrayList<>();
        Map<TopicIdPartition, Set<Long>> taken = new TreeMap<>();
        for (Acknowledgement each : session.waiting()) {
            Set<Long> offsets = taken.computeIfAbsent(each.partition(), first -> new LinkedHashSet<>());
            boolean comesLater = each.types().keySet().stream().anyMatch(offsets::contains)
                    || due.stream().anyMatch(other -> (other.isAlone() || each.isAlone()) && other.partition().equals(each.partition()));
            offsets.addAll(each.types().keySet());
            if (!each.pace().isDue(now)) {
                alarm.noLaterThan(each.pace().due());
            } else if (!comesLater) {
                due.add(each);
            }
        }
        return due;
    }

    /** Where there is something to fetch. */
    private Map<Integer, Set<TopicIdPartition>> plan(ClusterSnapshot cluster) {
        long now = loop().nanoTime();
        NavigableMap<Integer, Set<TopicIdPartition>> byBroker = new TreeMap<>();
        boolean leaderMissing = false;
        Map<TopicPartition, Uuid> readable = membership.readable(cluster);
        brokerPaces.keySet().removeIf(broker -> cluster.node(broker) == null);
        partitionPaces.keySet().removeIf(partition -> !partition.topicId().equals(readable.get(partition.topicPartition())));
        for (Map.Entry<TopicPartition, Uuid> entry : readable.entrySet()) {
            TopicIdPartition partition = new TopicIdPartition(entry.getValue(), entry.getKey());
            Node leader = cluster.leader(entry.getKey());
            if (leader == null) {
                leaderMissing = true;
            } else if (isDue(brokerPace(leader.id()), now) && isDue(partitionPace(partition), now)) {
                byBroker.computeIfAbsent(leader.id(), id -> new LinkedHashSet<>()).add(partition);
            }
        }
        if (leaderMissing) {
            connections.metadata().requestRefresh();
            alarm.noLaterThan(now + backoff.max().toNanos());
        }
        return oneBrokerAtATime ? oneOf(byBroker) : byBroker;
    }

    private boolean isDue(Pace pace, long now) {
        boolean due = pace.isDue(now);
        if (!due) {
            alarm.noLaterThan(pace.due());
        }
        return due;
    }

    /** With a limit of records, only one broker is asked at a time, in turn: each would bring so many. */
    private Map<Integer, Set<TopicIdPartition>> oneOf(NavigableMap<Integer, Set<TopicIdPartition>> byBroker) {
        if (byBroker.isEmpty() || sessions.values().stream().anyMatch(ShareSession::isFetching)) {
            return Map.of();
        }
        Integer next = byBroker.higherKey(lastInTurn);
        int broker = next == null ? byBroker.firstKey() : next;
        lastInTurn = broker;
        return Map.of(broker, byBroker.get(broker));
    }

    Pace brokerPace(int broker) {
        return brokerPaces.computeIfAbsent(broker, id -> new Pace());
    }

    Pace partitionPace(TopicIdPartition partition) {
        return partitionPaces.computeIfAbsent(partition, id -> new Pace());
    }

    /** A session is over: what was to be said in it comes to nothing, and nobody is to get what is buffered of it. */
    void over(ShareSession session) {
        sessions.remove(session.brokerId(), session);
        buffer.remove(fetch -> fetch.session() == session).forEach(SharedFetch::close);
        List<Acknowledgement> unsaid = new ArrayList<>(session.waiting());
        session.waiting().clear();
        List<Acknowledgement> farewell = session.farewell();
        if (farewell != null) {
            unsaid.addAll(farewell);
        }
        unsaid.forEach(each -> each.complete(session.end()));
        if (sessions.values().stream().allMatch(each -> each.farewell() == null)) {
            left.complete(null);
        }
    }

    /**
     * Closes all sessions, after what was submitted is sent: what was acquired and is not acknowledged is released. A second call before the first has come to its
     * end waits for the same.
     *
     * @param held what the application has not acknowledged
     * @return completes when all are closed, or are over in another way
     */
    CompletableFuture<Void> leave(List<Acknowledgement> held) {
        outstanding.addAll(held);
        held.forEach(each -> each.outcome().thenRun(() -> outstanding.remove(each)));
        buffer.clear().forEach(SharedFetch::close); // the end of a session releases it
        if (left.isDone()) {
            left = new CompletableFuture<>();
        }
        List.copyOf(sessions.values()).forEach(session -> {
            session.close(held.stream().filter(each -> each.session() == session).toList());
            if (!session.isOpen() && !session.isInFlight()) {
                session.over(null);
                over(session);
            }
        });
        held.stream().filter(each -> each.session().end() != null).forEach(each -> each.complete(each.session().end()));
        if (sessions.isEmpty()) {
            left.complete(null);
        }
        run();
        return left;
    }

    void close() {
        alarm.cancel();
        waitingPolls.clear();
    }
}
