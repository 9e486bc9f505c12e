package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Distributes partitions among the members of a group. The group's leader calls it, on the loop: it must be quick and must not wait.
 *
 * <p>Members may be clients of any make; they agree on assignors by {@linkplain #name() name}.
 */
public interface PartitionAssignor {

    /** The name under which members of a group agree on it. */
    String name();

    /** Whether members keep their partitions while a rebalance is under way (KIP-429). */
    boolean isCooperative();

    /**
     * What this member tells the leader besides its topics and partitions, or null.
     *
     * @param generation the generation in which it got the partitions that it has, or -1
     */
    default byte @Nullable [] userData(int generation) {
        return null;
    }

    /**
     * Distributes.
     *
     * @param members what each member subscribes to and has, by member id
     * @param partitionCounts the number of partitions of each topic that exists
     * @return the partitions of each member; every member is there, and every partition of a subscribed topic exactly once
     */
    Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts);

    /**
     * Distributes, with knowledge of where the replicas are. Assignors that have no use for it need not implement this.
     *
     * @param members what each member subscribes to and has, and its rack, by member id
     * @param partitionCounts the number of partitions of each topic that exists
     * @param racks where the replicas of partitions are
     * @return as of {@link #assign(Map, Map)}
     */
    default Map<String, List<TopicPartition>> assign(
            Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts, PartitionRacks racks) {
        return assign(members, partitionCounts);
    }

    /** This member was given partitions, all that it has from now on, by whichever assignor the group has agreed on. */
    default void assigned(List<TopicPartition> partitions, int generation) {}

    /**
     * What a member told.
     *
     * @param topics what it subscribes to
     * @param owned the partitions that it has, as it says; each once, however often it says so
     * @param generation the generation in which it got them, or -1 if it did not say
     * @param userData what its assignor added, or null
     * @param rack where it is, or null if it did not say
     */
    record MemberSubscription(
            Set<String> topics, List<TopicPartition> owned, int generation, byte @Nullable [] userData, @Nullable String rack) {

        /** A member that did not say where it is. */
        public MemberSubscription(Set<String> topics, List<TopicPartition> owned, int generation, byte @Nullable [] userData) {
            this(topics, owned, generation, userData, null);
        }

        public MemberSubscription {
            topics = Collections.unmodifiableSet(new TreeSet<>(topics));
            owned = List.copyOf(new LinkedHashSet<>(owned));
        }
    }

    /** An assignor by its name, or by the name of Apache's class, made for one consumer; null if there is none. */
    static @Nullable PartitionAssignor named(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (simple) {
            case "range", "rangeassignor" -> new RangeAssignor();
            case "roundrobin", "roundrobinassignor" -> new RoundRobinAssignor();
            case "sticky", "stickyassignor" -> new StickyAssignor();
            case "cooperative-sticky", "cooperativestickyassignor" -> new CooperativeStickyAssignor();
            default -> null;
        };
    }
}
