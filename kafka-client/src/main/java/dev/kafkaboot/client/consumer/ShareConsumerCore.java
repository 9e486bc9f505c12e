package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TimeoutException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Registration;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Times;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a share consumer that live on the loop, put together; and what its threads tell them. */
final class ShareConsumerCore implements ShareRequests.Observer {

    private static final Logger LOG = LoggerFactory.getLogger(ShareConsumerCore.class);

    private final EventLoop loop;
    private final HeldRecords held;
    private final ConsumerListener listener;
    private final Runnable onChange;
    private final PollClock polls;
    private final GroupFailure failure;
    private final ShareMembership membership;
    private final ShareFetcher fetcher;
    private final Registration metadataListener;
    private final Registration refusals;
    private volatile @Nullable AcknowledgementCommitCallback callback;
    private volatile int lockTimeoutMillis;

    ShareConsumerCore(
            ClientConnections connections, ClientConfig config, ShareBuffer buffer, HeldRecords held, ConsumerListener listener, Runnable onChange) {
        this.loop = connections.loop();
        this.held = held;
        this.listener = listener;
        this.onChange = onChange;
        this.polls = new PollClock(loop);
        this.failure = new GroupFailure(onChange);
        Backoff backoff = new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX));
        GroupCoordinator coordinator = new GroupCoordinator(
                connections, config.get(ShareConsumerConfig.GROUP_ID), config.get(CommonConfig.REQUEST_TIMEOUT), backoff);
        this.membership = new ShareMembership(coordinator, config, listener, polls, failure, this::run);
        this.fetcher = new ShareFetcher(connections, membership, buffer, config, listener, this);
        this.metadataListener = connections.metadata().addListener((before, after) -> run());
        this.refusals = connections.metadata().addListener(failure);
    }

    private void run() {
        fetcher.run();
    }

    @Override
    public void arrived() {
        onChange.run();
    }

    @Override
    public void lockTimeout(int millis) {
        lockTimeoutMillis = millis;
    }

    /** How long brokers lock what they acquire, or 0 if none has told yet. Any thread. */
    int lockTimeoutMillis() {
        return lockTimeoutMillis;
    }

    void callback(@Nullable AcknowledgementCommitCallback newCallback) {
        callback = newCallback;
    }

    /** Why this is not a member of its group. Any thread. */
    GroupFailure failure() {
        return failure;
    }

    /** Who this is in its group; empty before it was a member. On the loop. */
    String memberId() {
        return membership.memberId();
    }

    /** Changes what is subscribed to. Any thread. */
    void subscribe(Set<String> topics) {
        loop.execute(() -> membership.subscribe(topics));
    }

    /**
     * A thread begins to poll; what is acknowledged by that goes with what is fetched when it waits, or else is sent when it ends. Any thread.
     *
     * @return the time since a poll began or ended before
     */
    Duration pollBegins(Collection<Acknowledgement> acknowledgements) {
        Duration since = polls.begin();
        loop.execute(() -> {
            take(acknowledgements);
            membership.polled();
        });
        return since;
    }

    /** A thread waits in its poll until a time of the loop's clock; acknowledgements go with what is fetched. Any thread. */
    void pollWaits(Object poll, long deadline, Collection<Acknowledgement> acknowledgements) {
        loop.execute(() -> {
            fetcher.want(poll, deadline);
            submit(acknowledgements);
        });
    }

    /** A thread ends its poll. Any thread. */
    void pollEnds(Object poll) {
        polls.end();
        if (loop.isRunning()) {
            loop.execute(() -> {
                fetcher.unwant(poll);
                fetcher.run();
            });
        }
    }

    /** What was buffered may be used up, so it may be time to fetch. On the loop. */
    private void submit(Collection<Acknowledgement> acknowledgements) {
        take(acknowledgements);
        fetcher.run();
    }

    private void take(Collection<Acknowledgement> acknowledgements) {
        acknowledgements.forEach(this::follow);
        fetcher.submit(acknowledgements);
    }

    /** Tells whom it concerns what becomes of an acknowledgement. */
    private void follow(Acknowledgement acknowledgement) {
        acknowledgement.outcome().thenAccept(outcome -> {
            KafkaException reason = outcome.orElse(null);
            if (reason != null) {
                held.notRenewed(acknowledgement);
            }
            Set<Long> offsets = acknowledgement.offsets();
            AcknowledgementCommitCallback told = callback;
            if (told != null && !offsets.isEmpty() && loop.isRunning()) {
                loop.callbacks().execute(() -> tell(told, Map.of(acknowledgement.partition(), offsets), reason));
            }
        });
    }

    private static void tell(AcknowledgementCommitCallback told, Map<TopicIdPartition, Set<Long>> offsets, @Nullable KafkaException reason) {
        try {
            told.onComplete(offsets, reason);
        } catch (RuntimeException | Error wrong) {
            LOG.error("The acknowledgement commit callback {} failed", told, wrong);
        }
    }

    /** Sends acknowledgements, and waits for the outcome of these and of all that were sent before. On the loop. */
    CompletableFuture<Map<TopicIdPartition, Optional<KafkaException>>> commit(Collection<Acknowledgement> acknowledgements, Duration limit) {
        long start = loop.nanoTime();
        submit(acknowledgements);
        Set<Acknowledgement> all = new LinkedHashSet<>(acknowledgements);
        all.addAll(fetcher.outstanding());
        all.removeIf(each -> each.offsets().isEmpty());
        CompletableFuture<Map<TopicIdPartition, Optional<KafkaException>>> result = new CompletableFuture<>();
        Timer timer = loop.schedule(limit, () -> result.complete(outcomes(all, limit)));
        CompletableFuture.allOf(all.stream().map(Acknowledgement::outcome).toArray(CompletableFuture[]::new)).thenRun(() -> {
            timer.cancel();
            result.complete(outcomes(all, limit));
        });
        return result.thenApply(outcomes -> {
            listener(outcomes, Duration.ofNanos(loop.nanoTime() - start));
            return outcomes;
        });
    }

    private void listener(Map<TopicIdPartition, Optional<KafkaException>> outcomes, Duration took) {
        Optional<KafkaException> firstFailure = outcomes.values().stream().flatMap(Optional::stream).findFirst();
        if (firstFailure.isPresent()) {
            listener.commitFailed(outcomes.size(), firstFailure.get());
        } else {
            listener.committed(outcomes.size(), took);
        }
    }

    /** What became of each partition's acknowledgements; of several failures, the first. */
    private static Map<TopicIdPartition, Optional<KafkaException>> outcomes(Set<Acknowledgement> all, Duration limit) {
        Map<TopicIdPartition, Optional<KafkaException>> outcomes = new TreeMap<>();
        all.forEach(each -> {
            Optional<KafkaException> outcome = each.outcome().getNow(Optional.of(new TimeoutException(
                    "Waited " + Times.text(limit) + " for broker " + each.session().brokerId() + " to take acknowledgements of " + each.partition())));
            outcomes.merge(each.partition(), outcome, (first, second) -> first.isPresent() ? first : second);
        });
        return outcomes;
    }

    /**
     * Sends what was acknowledged, releases the rest, closes the sessions, for half of the limit, and leaves. On the loop.
     *
     * @param acknowledged what the application has acknowledged
     * @param rest what it has not
     * @param forGood whether this is the end
     */
    CompletableFuture<Void> leave(List<Acknowledgement> acknowledged, List<Acknowledgement> rest, String reason, Duration limit, boolean forGood) {
        int subscription = membership.unsubscribe();
        submit(acknowledged);
        CompletableFuture<Void> gaveBack = new CompletableFuture<>();
        Timer timer = loop.schedule(limit.dividedBy(2), () -> gaveBack.complete(null));
        fetcher.leave(rest).thenRun(() -> gaveBack.complete(null));
        return gaveBack.thenCompose(done -> {
            timer.cancel();
            return membership.leave(subscription, reason, forGood);
        }).whenComplete((done, failed) -> {
            if (forGood) {
                metadataListener.remove();
                refusals.remove();
                fetcher.close();
            }
        });
    }
}
