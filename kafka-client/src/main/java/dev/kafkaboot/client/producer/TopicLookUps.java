package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Times;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out the partitions of topics that records are sent to. On the loop.
 *
 * <p>A topic is watched from its first record on, whether or not that one can wait for the answer: the next one profits. It is forgotten when nothing was
 * sent to it for a while ({@code metadata.max.idle.ms}), so what is asked about is what is in use.
 *
 * <p>If a topic is not found in time for the oldest record that waits for it, all of its records fail: those behind must not overtake it.
 */
final class TopicLookUps {

    /** How often idle topics are looked for, as a share of the time after which they are forgotten. */
    private static final int SHARE = 4;

    /** How long records for known partitions wait at most behind one that names a partition nobody has told of. */
    private static final Duration NEWS_LIMIT = Duration.ofSeconds(5);

    /** For how long it is asked again whether a topic has grown: so long it takes at most until each broker has heard of it. */
    private static final Duration NEWS_SPREAD = Duration.ofMillis(500);

    private final ClientConnections connections;
    private final RecordAccumulator accumulator;
    private final Duration maxBlock;
    private final long idleNanos;
    private final BooleanSupplier mayForget;
    private final Consumer<TopicQueue> forgotten;
    private final Set<String> watched = new LinkedHashSet<>();
    private final Set<String> underWay = new HashSet<>();
    private @Nullable Timer idleTimer;
    private boolean ended;

    /**
     * Nothing is looked up yet.
     *
     * @param idle how long a topic is kept that nothing is sent to
     * @param mayForget whether that can be now; if not, it is tried again later
     * @param forgotten hears of those that are not kept
     */
    TopicLookUps(
            ClientConnections connections, RecordAccumulator accumulator, Duration maxBlock, Duration idle, BooleanSupplier mayForget,
            Consumer<TopicQueue> forgotten) {
        this.connections = connections;
        this.accumulator = accumulator;
        this.maxBlock = maxBlock;
        this.idleNanos = Times.nanos(idle);
        this.mayForget = mayForget;
        this.forgotten = forgotten;
    }

    /** Looks a topic up that has records waiting, unless that is under way. */
    void begin(TopicQueue topic) {
        if (ended) {
            return;
        }
        if (watched.add(topic.name())) {
            connections.metadata().watch(topic.name(), /* autoCreate= */ true);
            forgetLater();
        }
        if (underWay.add(topic.name())) {
            if (topic.isKnown()) {
                askAnew(topic.name(), connections.loop().nanoTime() + NEWS_SPREAD.toNanos());
            } else {
                lookUp(topic.name(), maxBlock);
            }
        }
    }

    /**
     * A record names a partition that the topic did not have when its partitions were told. Not every broker hears at once that a topic has grown, so they are asked for a
     * while.
     */
    private void askAnew(String name, long untilNanos) {
        connections.metadata().refresh(maxBlock.compareTo(NEWS_LIMIT) < 0 ? maxBlock : NEWS_LIMIT).whenComplete((snapshot, failure) -> {
            TopicQueue topic = accumulator.find(name);
            if (ended || topic == null) {
                underWay.remove(name);
                return;
            }
            TopicInfo info = snapshot == null ? null : snapshot.topic(name);
            if (info != null && info.isKnown()) {
                topic.known(info.partitionCount());
            }
            if (info != null && topic.isMoreNamed() && untilNanos - connections.loop().nanoTime() > 0) {
                askAnew(name, untilNanos);
                return;
            }
            underWay.remove(name);
            topic.told();
        });
    }

    private void lookUp(String topic, Duration limit) {
        connections.metadata().topic(topic, limit, /* autoCreate= */ true)
                .whenComplete((info, failure) -> lookedUp(topic, info, failure));
    }

    private void lookedUp(String name, @Nullable TopicInfo info, @Nullable Throwable wrapped) {
        underWay.remove(name);
        TopicQueue topic = accumulator.find(name);
        if (ended || topic == null) {
            return;
        }
        if (info != null) {
            topic.known(info.partitionCount());
            topic.told();
            return;
        }
        Long oldest = topic.oldestParkedNanos();
        if (topic.isKnown()) {
            topic.told();
            return;
        }
        if (oldest == null) {
            return;
        }
        Throwable failure = wrapped == null ? new IllegalStateException("no outcome") : Failures.cause(wrapped);
        boolean mayComeYet = failure instanceof KafkaException known && known.isRetriable();
        long now = connections.loop().nanoTime();
        long left = oldest + Times.nanos(maxBlock) - now;
        if (mayComeYet && left > 0) { // it was looked up for an older one, which is gone
            underWay.add(name);
            lookUp(name, Duration.ofNanos(left));
            return;
        }
        topic.failParked(mayComeYet ? now - Times.nanos(maxBlock) : now, "", String.valueOf(failure.getMessage()), failure);
    }

    private void forgetLater() {
        if (idleTimer == null && !watched.isEmpty()) {
            idleTimer = connections.loop().schedule(Duration.ofNanos(idleNanos / SHARE), this::forgetIdle);
        }
    }

    private void forgetIdle() {
        idleTimer = null;
        if (mayForget.getAsBoolean()) {
            for (TopicQueue topic : accumulator.forgetIdle(connections.loop().nanoTime(), idleNanos)) {
                unwatch(topic.name());
                forgotten.accept(topic);
            }
        }
        forgetLater();
    }

    private void unwatch(String topic) {
        if (watched.remove(topic)) {
            connections.metadata().unwatch(topic, /* autoCreate= */ true);
        }
    }

    /** Asks about nothing any more. */
    void end() {
        ended = true;
        if (idleTimer != null) {
            idleTimer.cancel();
        }
        Set.copyOf(watched).forEach(this::unwatch);
    }
}
