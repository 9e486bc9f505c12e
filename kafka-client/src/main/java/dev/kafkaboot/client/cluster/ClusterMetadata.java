package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.ConnectionPool;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the cluster, kept up to date on the loop.
 *
 * <p><b>Interest.</b> Topics are asked about as long as somebody {@linkplain #watch(String) watches} them; watching is counted. A topic that the cluster does
 * not have stays in the snapshot with its error. All topics are asked for only as long as somebody watches {@linkplain #watch(TopicFilter) what they are like}.
 *
 * <p><b>When it is asked.</b> One request is under way at a time. It is made when somebody calls {@link #refresh()} or watches a new topic, when the last
 * answer left something open (a partition without a leader, a topic that is not there or not allowed), and when the last answer is older than
 * {@code metadata.max.age.ms} although nobody asked. Requests that failed or brought nothing are repeated after waits that grow, up to
 * {@code retry.backoff.max.ms} and are never shorter than 10 ms. Nothing is asked before the first call. When known brokers have been asked in vain for
 * {@code metadata.recovery.rebootstrap.trigger.ms}, the bootstrap addresses are asked (KIP-1102).
 *
 * <p><b>What is believed.</b> See {@link MetadataMerge}: an answer may come from a broker that lags behind, so it may not take the cluster back.
 *
 * <p>{@link #snapshot()} may be read from any thread; every other method hops to the loop by itself, and its future completes there.
 */
public final class ClusterMetadata {

    private static final Logger log = LoggerFactory.getLogger(ClusterMetadata.class);

    /** The least time between questions that are repeated, though {@code retry.backoff.ms} may be none: what an answer left open would be asked about without a pause. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

    private final EventLoop loop;
    private final Router router;
    private final MetadataSettings settings;
    private final MetadataRequests requests;
    private final TopicInterest interest = new TopicInterest();
    private final MetadataMerge merge = new MetadataMerge();
    private final Set<ClusterListener> listeners = new LinkedHashSet<>();
    private final Set<Refresh> refreshes = new LinkedHashSet<>();
    private final Set<TopicWait> topicWaits = new LinkedHashSet<>();
    private volatile ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;

    private boolean asking;
    private boolean askAgain;
    private long asked;
    private long answered;
    private long askedNanos;
    private long failingSinceNanos;
    private int fruitless;
    private long lastAnswerNanos;
    private @Nullable Timer next;
    private long nextNanos;
    private @Nullable Throwable lastFailure;
    private @Nullable ClientClosedException closed;

    ClusterMetadata(EventLoop loop, Router router, MetadataSettings settings, String clientId) {
        this.loop = loop;
        this.router = router;
        this.settings = settings;
        this.requests = new MetadataRequests(router, settings, clientId);
    }

    /** Somebody who waits for what the nth request brings. */
    private record Refresh(Waiter<ClusterSnapshot> waiter, long request) {}

    /** What is known now. From any thread; it costs one volatile read. */
    public ClusterSnapshot snapshot() {
        return snapshot;
    }

    /** Begins to ask about a topic, without making it come into being. */
    public void watch(String topic) {
        watch(topic, /* autoCreate= */ false);
    }

    /**
     * Begins to ask about a topic. Each call needs one of {@link #unwatch(String, boolean)} in the end.
     *
     * @param autoCreate whether asking may make brokers create the topic, if they are set up for that ({@code auto.create.topics.enable})
     */
    public void watch(String topic, boolean autoCreate) {
        onLoop(() -> {
            if (interest.add(topic, autoCreate)) {
                askAtOnce();
            }
        });
    }

    /** Takes back a {@link #watch(String)}. */
    public void unwatch(String topic) {
        unwatch(topic, /* autoCreate= */ false);
    }

    /** Takes back a {@link #watch(String, boolean)} with the same argument. */
    public void unwatch(String topic, boolean autoCreate) {
        onLoop(() -> interest.remove(topic, autoCreate));
    }

    /**
     * Begins to ask about a topic of which only the id is known, by which it can be had once the snapshot {@linkplain ClusterSnapshot#topic(Uuid) has it}.
     *
     * @return takes it back
     */
    public Registration watch(Uuid id) {
        onLoop(() -> {
            if (interest.add(id)) {
                askAtOnce();
            }
        });
        return onceOnLoop(() -> interest.remove(id));
    }

    /**
     * Begins to ask about all topics, and to keep those that a filter accepts: also such as come later. Topics that the user may not see are not among them. What
     * is there is known when a {@link #refresh()} that was called after this completes.
     *
     * @return takes it back
     */
    public Registration watch(TopicFilter filter) {
        onLoop(() -> {
            interest.add(filter);
            askAtOnce();
        });
        return onceOnLoop(() -> interest.remove(filter));
    }

    private Registration onceOnLoop(Runnable removal) {
        AtomicBoolean removed = new AtomicBoolean();
        return () -> {
            if (removed.compareAndSet(false, true)) {
                onLoop(removal);
            }
        };
    }

    /** Asks anew, soon: what is known has turned out to be wrong. Calls that come together cost one request. */
    public void requestRefresh() {
        onLoop(this::askSoon);
    }

    /** Asks anew; the future completes with what was learnt, or fails when {@code default.api.timeout.ms} has passed. */
    public CompletableFuture<ClusterSnapshot> refresh() {
        return refresh(settings.apiTimeout());
    }

    /**
     * Asks anew; the future completes with what was learnt. A request that is under way is joined if it asks about every topic that is watched by now.
     *
     * @param limit when to give up; the failure then says which brokers could not be reached and why
     */
    public CompletableFuture<ClusterSnapshot> refresh(Duration limit) {
        CompletableFuture<ClusterSnapshot> future = new CompletableFuture<>();
        onLoop(future, () -> {
            Waiter<ClusterSnapshot> waiter = new Waiter<>(future);
            Refresh refresh = new Refresh(waiter, nextAnswer());
            refreshes.add(refresh);
            waiter.endsAt(loop.schedule(limit, () -> {
                refreshes.remove(refresh);
                waiter.fail(unanswered("metadata", limit));
            }));
            askSoon();
        });
        return future;
    }

    /** The first request that asks about every topic that is watched now. */
    private long nextAnswer() {
        return asking && !askAgain ? asked : asked + 1;
    }

    /** As {@link #topic(String, Duration, boolean)}, without making the topic come into being. */
    public CompletableFuture<TopicInfo> topic(String name, Duration limit) {
        return topic(name, limit, /* autoCreate= */ false);
    }

    /**
     * A topic with its partitions, as soon as it is known. It is watched meanwhile, and no longer.
     *
     * <p>It fails as soon as the cluster says that the name is not allowed or that the user may not see the topic, or does not let the client in. When the limit has passed it fails with
     * {@link dev.kafkaboot.client.UnknownTopicException} if the cluster does not have the topic, and with {@link TimeoutException} if the cluster did
     * not answer.
     *
     * @param autoCreate see {@link #watch(String, boolean)}
     */
    public CompletableFuture<TopicInfo> topic(String name, Duration limit, boolean autoCreate) {
        CompletableFuture<TopicInfo> future = new CompletableFuture<>();
        onLoop(future, () -> {
            TopicInfo known = snapshot.topic(name);
            if (known != null && known.isKnown()) {
                future.complete(known);
                return;
            }
            watch(name, autoCreate);
            TopicWait wait = new TopicWait(name, autoCreate, nextAnswer(), new Waiter<>(future));
            topicWaits.add(wait);
            wait.waiter().endsAt(loop.schedule(limit, () -> expire(wait, limit)));
            askSoon();
        });
        return future;
    }

    private void expire(TopicWait wait, Duration limit) {
        topicWaits.remove(wait);
        unwatch(wait.name(), wait.autoCreate());
        wait.waiter().fail(lastFailure == null && answered >= wait.request()
                ? wait.missing(snapshot, limit)
                : unanswered("topic '" + wait.name() + "'", limit));
    }

    private TimeoutException unanswered(String what, Duration limit) {
        if (router.isCutOff()) {
            return router.unreachable(limit, lastFailure);
        }
        Throwable reason = lastFailure;
        return new TimeoutException("The cluster told nothing of " + what + " within " + Times.text(limit)
                + (reason == null ? pending() : ": " + reason.getMessage()), reason);
    }

    private String pending() {
        Node broker = requests.askedLast();
        return !asking || broker == null ? "" : ": " + ConnectionPool.nameOf(broker) + " has not answered for "
                + Times.text(Duration.ofNanos(loop.nanoTime() - askedNanos));
    }

    /**
     * Believes a broker that, in refusing a request, named a partition's new leader (KIP-951). On the loop only.
     *
     * @param topicId the id that the topic was known by when the request was made, or {@link Uuid#ZERO} if it was not known: the answer may be so late
     *     that the topic was deleted and made again meanwhile, and then the leader of the old one, and its epoch, do not apply
     * @param leader where that leader is, or null if the broker did not say
     * @return whether that was news; then the snapshot has changed already when this returns
     */
    public boolean updateLeader(TopicPartition partition, Uuid topicId, int leaderId, int leaderEpoch, @Nullable Node leader) {
        ClusterSnapshot now = MetadataMerge.withLeader(snapshot, partition, topicId, leaderId, leaderEpoch, leader);
        if (now == snapshot) {
            return false;
        }
        publish(now);
        return true;
    }

    /** Adds a listener; it hears of changes from now on. */
    public Registration addListener(ClusterListener listener) {
        onLoop(() -> listeners.add(listener));
        return () -> onLoop(() -> listeners.remove(listener));
    }

    void close(ClientClosedException reason) {
        if (closed != null) {
            return;
        }
        closed = reason;
        cancelNext();
        takeTopicWaits().forEach(wait -> wait.waiter().fail(reason));
        takeRefreshes(Long.MAX_VALUE).forEach(waiter -> waiter.fail(reason));
    }

    private void onLoop(Runnable task) {
        if (loop.inLoop()) {
            task.run();
        } else if (loop.isRunning()) {
            try {
                loop.execute(task);
            } catch (ClientClosedException ended) {
                log.debug("Metadata of an ended loop is left alone");
            }
        }
    }

    private void onLoop(CompletableFuture<?> future, Runnable task) {
        Runnable unlessClosed = () -> {
            if (closed != null) {
                future.completeExceptionally(closed);
            } else {
                task.run();
            }
        };
        if (loop.inLoop()) {
            unlessClosed.run();
            return;
        }
        try {
            loop.execute(unlessClosed);
        } catch (ClientClosedException ended) {
            future.completeExceptionally(ended);
        }
    }

    /** Something new is to be asked: do not wait for the pace of repeated questions, but for what else the running task watches. */
    private void askAtOnce() {
        if (asking) {
            askAgain = true;
        } else if (lastFailure == null) {
            scheduleNoLaterThan(Duration.ZERO);
        }
    }

    private void askSoon() {
        if (asking || lastFailure != null) {
            return; // the answer that is under way, or the repetition that is due, will do
        }
        if (snapshot.isEmpty()) {
            scheduleNoLaterThan(Duration.ZERO);
        } else {
            scheduleNoLaterThan(pauseAfter(Math.max(1, fruitless)).minusNanos(loop.nanoTime() - lastAnswerNanos));
        }
    }

    private Duration pauseAfter(int attempts) {
        Duration pause = settings.retryBackoff().after(attempts, loop.random());
        return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
    }

    private void scheduleNoLaterThan(Duration delay) {
        long due = loop.nanoTime() + Math.max(0, Times.nanos(delay));
        if (closed != null || next != null && nextNanos - due <= 0) {
            return;
        }
        cancelNext();
        nextNanos = due;
        next = loop.schedule(delay, this::ask);
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    private void ask() {
        if (asking || closed != null) {
            return;
        }
        cancelNext();
        asking = true;
        askAgain = false;
        asked++;
        askedNanos = loop.nanoTime();
        requests.send(interest, snapshot).whenComplete((answer, failure) -> {
            asking = false;
            lastAnswerNanos = loop.nanoTime();
            if (closed != null) {
                return;
            }
            if (failure != null) {
                failed(Failures.cause(failure));
                return;
            }
            try {
                answered(answer);
            } catch (RuntimeException | OutOfMemoryError tooMuch) { // an answer that cannot be taken in is as good as none, and is asked for again
                log.error("What a broker told of the cluster could not be taken in", tooMuch);
                failed(new KafkaException("The answer of " + ConnectionPool.nameOf(answer.broker()) + " could not be taken in: " + tooMuch, tooMuch));
            }
        });
    }

    private void failed(Throwable failure) {
        if (lastFailure == null) {
            failingSinceNanos = askedNanos;
        }
        lastFailure = failure;
        fruitless++;
        startAnewAfterAWhile();
        log.debug("Metadata could not be had, attempt {}: {}", fruitless, failure.getMessage());
        scheduleNoLaterThan(pauseAfter(fruitless));
        if (failure instanceof AuthenticationException refusal) {
            takeTopicWaits().forEach(wait -> {
                unwatch(wait.name(), wait.autoCreate());
                wait.waiter().fail(refusal);
            });
            takeRefreshes(Long.MAX_VALUE).forEach(waiter -> waiter.fail(refusal));
            tell(listener -> listener.refused(refusal));
        }
    }

    /** Why no broker let this client in when it was asked last; null if one did, or was not asked yet. On the loop only. */
    public @Nullable AuthenticationException refusal() {
        return lastFailure instanceof AuthenticationException refused ? refused : null;
    }

    private List<TopicWait> takeTopicWaits() {
        List<TopicWait> taken = List.copyOf(topicWaits);
        topicWaits.clear();
        return taken;
    }

    private void startAnewAfterAWhile() {
        Duration vain = Duration.ofNanos(loop.nanoTime() - failingSinceNanos);
        if (settings.mayStartAnew() && !snapshot.isEmpty() && !router.startsAnew() && vain.compareTo(settings.patience()) >= 0) {
            log.info("No known broker has told anything of the cluster for {}; the bootstrap servers are asked", Times.text(vain));
            router.startAnew();
        }
    }

    /**
     * Whether a broker that is known from one cluster answered for another: its address is not its own any more (KIP-1242). A bootstrap address is believed though it
     * is of another cluster than before; but of what several brokers say, two clusters are never made into one.
     */
    private boolean isMisrouted(MetadataRequests.Answer answer) {
        Set<String> told = answer.clusterIds();
        String known = snapshot.clusterId();
        if (told.isEmpty()) {
            return false;
        }
        String ours = known == null ? told.iterator().next() : known;
        Map<Node, String> others = answer.brokersNotOf(ours);
        Map<Node, String> strangers = new LinkedHashMap<>(others);
        strangers.keySet().removeIf(broker -> !settings.checksCluster() || broker.id() < 0 && told.size() == 1);
        if (strangers.isEmpty()) {
            others.forEach((broker, theirs) -> log.warn(
                    "{} is of cluster {}; up to now this client belonged to cluster {}", ConnectionPool.nameOf(broker), theirs, ours));
            return false;
        }
        log.warn("{}; the bootstrap servers are asked", strangeness(strangers, ours));
        router.startAnew();
        strangers.forEach((broker, theirs) -> router.pool().disconnect(broker.id(), strangeness(broker, theirs, ours)));
        failed(new KafkaException(strangeness(strangers, ours)));
        return true;
    }

    private static String strangeness(Map<Node, String> strangers, String ours) {
        return strangers.entrySet().stream()
                .map(stranger -> ConnectionPool.nameOf(stranger.getKey()) + " " + strangeness(stranger.getKey(), stranger.getValue(), ours))
                .collect(Collectors.joining("; "));
    }

    private static String strangeness(Node broker, String theirs, String ours) {
        return "answered in the name of cluster " + theirs + (broker.id() < 0
                ? ", and another in the name of cluster " + ours + ": the bootstrap servers are of several clusters"
                : ", but belongs to cluster " + ours + ": its address is another one's by now");
    }

    private void answered(MetadataRequests.Answer answer) {
        ErrorCode error = answer.error();
        if (error != ErrorCode.NONE) {
            if (error == ErrorCode.REBOOTSTRAP_REQUIRED) {
                router.startAnew();
            }
            failed(new BrokerException("metadata", error, ApiKey.METADATA, answer.broker(), null));
            return;
        }
        if (isMisrouted(answer)) {
            return;
        }
        ClusterSnapshot now = merge.apply(router.startsAnew() ? ClusterSnapshot.EMPTY : snapshot, answer.parts(), interest);
        if (now.isEmpty()) {
            failed(new KafkaException("Broker " + answer.broker() + " answered without naming any broker; it may be starting"));
            return;
        }
        router.started(answer.broker());
        lastFailure = null;
        answered = asked;
        boolean open = merge.leavesOpen(now, interest);
        fruitless = open ? fruitless + 1 : 0;
        if (askAgain) {
            scheduleNoLaterThan(Duration.ZERO);
        } else {
            scheduleNoLaterThan(settings.maxAge());
            if (open || MetadataMerge.hasRefused(now, interest)) {
                scheduleNoLaterThan(pauseAfter(open ? fruitless : Integer.MAX_VALUE));
            }
        }
        publish(now);
        tell(ClusterListener::admitted);
        takeRefreshes(asked).forEach(waiter -> waiter.complete(now));
    }

    /** Those who wait for a request or an earlier one. */
    private List<Waiter<ClusterSnapshot>> takeRefreshes(long request) {
        List<Refresh> taken = refreshes.stream().filter(refresh -> refresh.request <= request).toList();
        taken.forEach(refreshes::remove);
        return taken.stream().map(Refresh::waiter).toList();
    }

    private void tell(Consumer<ClusterListener> event) {
        for (ClusterListener listener : List.copyOf(listeners)) {
            try {
                event.accept(listener);
            } catch (Throwable thrown) { // whatever it is: the others are to hear of it too, and those who wait to be answered
                log.error("A listener of cluster metadata failed", thrown);
            }
        }
    }

    private void publish(ClusterSnapshot now) {
        ClusterSnapshot before = snapshot;
        snapshot = now;
        router.changed(now);
        tell(listener -> listener.changed(before, now));
        for (TopicWait wait : List.copyOf(topicWaits)) {
            if (wait.isDecidedBy(now, answered)) {
                topicWaits.remove(wait);
                unwatch(wait.name(), wait.autoCreate());
                wait.decide(now);
            }
        }
    }
}
