package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Timer;
import dev.kafkaboot.client.net.Times;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the brokers that cannot be sent to: a batch for them has been due for longer than {@code partitioner.availability.timeout.ms}, and nothing was sent to
 * them meanwhile (KIP-794). It looks now and then, as long as anything is to be sent. On the loop, but for {@link #ids()}.
 *
 * <p>A broker that is slow is not stuck: it is sent something now and then. One that takes requests and answers none becomes stuck when as much is in flight as
 * may be. When nothing waits for it any more, or something could be sent, it is tried again.
 */
final class StuckBrokers {

    /** How often it is looked, as a share of the limit. */
    private static final int LOOKS = 4;

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

    private final EventLoop loop;
    private final ClusterMetadata metadata;
    private final Consumer<Consumer<PartitionQueue>> forEachPartition;
    private final long limitNanos;
    private final Duration pause;
    private final Map<Integer, Long> lastSentNanos = new HashMap<>();
    private volatile Set<Integer> ids = Set.of();
    private @Nullable Timer timer;
    private boolean ended;

    /**
     * None is known yet.
     *
     * @param limit how long a batch may be due; zero if that does not matter
     * @param forEachPartition does something with every partition that was ever sent to
     */
    StuckBrokers(EventLoop loop, ClusterMetadata metadata, Duration limit, Consumer<Consumer<PartitionQueue>> forEachPartition) {
        this.loop = loop;
        this.metadata = metadata;
        this.forEachPartition = forEachPartition;
        this.limitNanos = Times.nanos(limit);
        Duration share = Duration.ofNanos(limitNanos / LOOKS);
        this.pause = share.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : share;
    }

    /** The ids of the brokers that cannot be sent to: another set each time that they change. Any thread. */
    Set<Integer> ids() {
        return ids;
    }

    /** There is something to send. */
    void watch() {
        if (limitNanos > 0 && timer == null && !ended) {
            timer = loop.schedule(pause, this::look);
        }
    }

    /** A request was given to the connection to a broker. */
    void sentTo(int broker) {
        if (limitNanos > 0) {
            lastSentNanos.put(broker, loop.nanoTime());
        }
    }

    private void look() {
        timer = null;
        Look look = new Look(loop.nanoTime());
        forEachPartition.accept(look::at);
        if (!look.found.equals(ids)) {
            ids = Set.copyOf(look.found);
        }
        if (look.isAnythingDue) {
            watch();
        }
    }

    private final class Look {

        private final long nowNanos;
        private final Set<Integer> found = new TreeSet<>();
        private boolean isAnythingDue;

        Look(long nowNanos) {
            this.nowNanos = nowNanos;
        }

        void at(PartitionQueue queue) {
            Long due = queue.dueNanos();
            if (due == null) {
                return;
            }
            isAnythingDue = true;
            Node leader = metadata.snapshot().leader(queue.partition());
            if (leader != null && nowNanos - due > limitNanos && isSilent(leader)) {
                found.add(leader.id());
            }
        }

        private boolean isSilent(Node leader) {
            Long sent = lastSentNanos.get(leader.id());
            return sent == null || nowNanos - sent > limitNanos;
        }
    }

    /** Looks no more. */
    void end() {
        ended = true;
        Timer set = timer;
        if (set != null) {
            set.cancel();
        }
    }
}
