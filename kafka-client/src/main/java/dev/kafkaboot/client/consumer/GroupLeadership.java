package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.consumer.PartitionAssignor.MemberSubscription;
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
        PartitionAssignor assignor = assignors.stream()
                .filter(each -> each.name().equals(response.protocolName()))
                .findFirst()
                .orElseThrow(() -> new KafkaException("The coordinator chose the assignor '" + response.protocolName() + "', which this member lacks"));
        Map<String, MemberSubscription> members = new LinkedHashMap<>();
        Set<String> topics = new TreeSet<>();
        response.members().forEach(member -> {
            MemberSubscription subscription = ConsumerProtocol.member(member.metadata());
            members.put(member.memberId(), subscription);
            topics.addAll(subscription.topics());
        });
        watch(topics);
        return metadata.refresh(requestTimeout)
                .thenCompose(cluster -> untilHeardOf(topics, cluster, ROUNDS))
                .thenApply(cluster -> distribute(assignor, members, topics, cluster));
    }

    private CompletableFuture<ClusterSnapshot> untilHeardOf(Set<String> topics, ClusterSnapshot cluster, int rounds) {
        if (rounds == 0 || topics.stream().allMatch(topic -> cluster.topic(topic) != null)) {
            return CompletableFuture.completedFuture(cluster);
        }
        return metadata.refresh(requestTimeout).thenCompose(newer -> untilHeardOf(topics, newer, rounds - 1));
    }

    private Map<String, byte[]> distribute(
            PartitionAssignor assignor, Map<String, MemberSubscription> members, Collection<String> topics, ClusterSnapshot cluster) {
        Map<String, Integer> counts = new TreeMap<>();
        topics.forEach(topic -> counts.put(topic, cluster.partitionCount(topic)));
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

    /** Whether a topic has come or grown since the partitions were distributed; never, if this member does not lead. */
    boolean isOutdated(ClusterSnapshot cluster) {
        return distributed.entrySet().stream().anyMatch(entry -> cluster.partitionCount(entry.getKey()) > entry.getValue());
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
