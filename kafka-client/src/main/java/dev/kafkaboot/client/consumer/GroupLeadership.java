package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.consumer.PartitionAssignor.MemberSubscription;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the leader of a group does: it distributes the partitions of all topics that any member subscribes to, and watches these topics as long as it leads,
 * because only it knows that they have grown. On the loop.
 */
final class GroupLeadership {

    /** How often metadata is asked for topics of which nothing was heard; the answer to a question that was under way already lacks them. */
    private static final int ROUNDS = 3;

    private final ClusterMetadata metadata;
    private final List<PartitionAssignor> assignors;
    private final Duration requestTimeout;
    private final Set<String> watched = new TreeSet<>();
    private Map<String, Integer> distributed = Map.of();

    GroupLeadership(ClusterMetadata metadata, List<PartitionAssignor> assignors, Duration requestTimeout) {
        this.metadata = metadata;
        this.assignors = assignors;
        this.requestTimeout = requestTimeout;
    }

    /**
     * Distributes.
     *
     * @return the encoded assignment of each member
     * @throws RuntimeException if a member's subscription cannot be read, or the group has agreed on an assignor that is not here
     */
    CompletableFuture<Map<String, byte[]>> distribute(JoinGroupResponse response) {
        PartitionAssignor assignor = chosen(response);
        Map<String, MemberSubscription> members = members(response);
        Set<String> topics = topics(members);
        watch(topics);
        return metadata.refresh(requestTimeout)
                .thenCompose(cluster -> untilHeardOf(topics, cluster, ROUNDS))
                .thenApply(cluster -> distribute(assignor, members, topics, cluster));
    }

    /**
     * Leads on where it led before, as the same static member after a restart (KIP-814): the distribution stands, and the topics are watched again. What has
     * grown while it was away is not noticed before it grows again, or somebody joins.
     *
     * @return nothing that anybody is to be told
     */
    CompletableFuture<Map<String, byte[]>> goOn(JoinGroupResponse response) {
        Set<String> topics = topics(members(response));
        watch(topics);
        return metadata.refresh(requestTimeout)
                .thenCompose(cluster -> untilHeardOf(topics, cluster, ROUNDS))
                .thenApply(cluster -> {
                    distributed = counts(topics, cluster);
                    return Map.of();
                });
    }

    private PartitionAssignor chosen(JoinGroupResponse response) {
        return assignors.stream()
                .filter(each -> each.name().equals(response.protocolName()))
                .findFirst()
                .orElseThrow(() -> new KafkaException("The coordinator chose the assignor '" + response.protocolName() + "', which this member lacks"));
    }

    private static Map<String, MemberSubscription> members(JoinGroupResponse response) {
        Map<String, MemberSubscription> members = new LinkedHashMap<>();
        response.members().forEach(member -> members.put(member.memberId(), ConsumerProtocol.member(member.metadata())));
        return members;
    }

    private static Set<String> topics(Map<String, MemberSubscription> members) {
        Set<String> topics = new TreeSet<>();
        members.values().forEach(member -> topics.addAll(member.topics()));
        return topics;
    }

    private static Map<String, Integer> counts(Collection<String> topics, ClusterSnapshot cluster) {
        Map<String, Integer> counts = new TreeMap<>();
        topics.forEach(topic -> counts.put(topic, cluster.partitionCount(topic)));
        return counts;
    }

    private CompletableFuture<ClusterSnapshot> untilHeardOf(Set<String> topics, ClusterSnapshot cluster, int rounds) {
        if (rounds == 0 || topics.stream().allMatch(topic -> cluster.topic(topic) != null)) {
            return CompletableFuture.completedFuture(cluster);
        }
        return metadata.refresh(requestTimeout).thenCompose(newer -> untilHeardOf(topics, newer, rounds - 1));
    }

    private Map<String, byte[]> distribute(
            PartitionAssignor assignor, Map<String, MemberSubscription> members, Collection<String> topics, ClusterSnapshot cluster) {
        Map<String, Integer> counts = counts(topics, cluster);
        distributed = counts;
        Map<String, Integer> existing = new TreeMap<>(counts);
        existing.values().removeIf(count -> count == 0);
        Map<String, byte[]> assignments = new LinkedHashMap<>();
        assignor.assign(members, existing, partition -> racks(cluster, partition)).forEach((member, partitions) -> assignments.put(member, ConsumerProtocol.assignment(partitions)));
        return assignments;
    }

    private static Set<String> racks(ClusterSnapshot cluster, TopicPartition partition) {
        Set<String> racks = new TreeSet<>();
        TopicInfo topic = cluster.topic(partition.topic());
        if (topic != null && partition.partition() < topic.partitions().size()) {
            for (Node replica : topic.partitions().get(partition.partition()).replicas()) {
                String rack = replica.rack();
                if (rack != null) {
                    racks.add(rack);
                }
            }
        }
        return racks;
    }

    /** Whether a topic has come, grown or gone since the partitions were distributed; never, if this member does not lead. */
    boolean isOutdated(ClusterSnapshot cluster) {
        return distributed.entrySet().stream()
                .anyMatch(entry -> cluster.partitionCount(entry.getKey()) > entry.getValue() || entry.getValue() > 0 && isGone(cluster.topic(entry.getKey())));
    }

    /** A topic that is missing for once is still there; one that may not be seen, or of which nothing is known, may be there. */
    private static boolean isGone(@Nullable TopicInfo topic) {
        return topic != null && topic.error() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /** This member does not lead, or leads no more. */
    void end() {
        watch(Set.of());
        distributed = Map.of();
    }

    private void watch(Set<String> topics) {
        topics.stream().filter(watched::add).forEach(metadata::watch);
        watched.removeIf(topic -> {
            boolean isOver = !topics.contains(topic);
            if (isOver) {
                metadata.unwatch(topic);
            }
            return isOver;
        });
    }
}
