package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The leaders as the metadata tells them. Any thread.
 *
 * <p>Records that may go anywhere go to partitions that have a leader which can be sent to and is in the client's rack (KIP-1123); where there is none, to
 * those whose leader can be sent to (KIP-794); where there is none of these either, to those that have a leader at all.
 */
final class ClusterLeaders implements Leaders {

    private final ClusterMetadata metadata;
    private final @Nullable String rack;
    private final Supplier<Set<Integer>> stuckBrokers;

    /**
     * Leaders.
     *
     * @param rack the client's rack, or null if racks do not matter
     * @param stuckBrokers the ids of those that cannot be sent to; another set when that changes
     */
    ClusterLeaders(ClusterMetadata metadata, @Nullable String rack, Supplier<Set<Integer>> stuckBrokers) {
        this.metadata = metadata;
        this.rack = rack;
        this.stuckBrokers = stuckBrokers;
    }

    @Override
    public @Nullable Node leader(TopicPartition partition) {
        return metadata.snapshot().leader(partition);
    }

    @Override
    public Candidates candidates(String topic, int count, @Nullable Candidates before) {
        ClusterSnapshot cluster = metadata.snapshot();
        Set<Integer> stuck = stuckBrokers.get();
        if (before != null && before.areFrom(cluster, stuck, count)) {
            return before;
        }
        Node[] leaders = new Node[count];
        for (int i = 0; i < count; i++) {
            leaders[i] = cluster.leader(new TopicPartition(topic, i));
        }
        return among(leaders, stuck).foundFrom(cluster, stuck);
    }

    private Candidates among(@Nullable Node[] leaders, Set<Integer> stuck) {
        return Candidates.firstOf(leaders.length,
                partition -> isNear(leaders[partition]) && canBeSentTo(leaders[partition], stuck),
                partition -> canBeSentTo(leaders[partition], stuck),
                partition -> leaders[partition] != null);
    }

    private boolean isNear(@Nullable Node leader) {
        return rack == null || leader != null && rack.equals(leader.rack());
    }

    private static boolean canBeSentTo(@Nullable Node leader, Set<Integer> stuck) {
        return leader != null && !stuck.contains(leader.id());
    }
}
