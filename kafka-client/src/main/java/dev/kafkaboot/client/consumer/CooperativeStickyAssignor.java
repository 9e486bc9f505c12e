package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Spreads partitions evenly and moves as few of them as that allows; a partition that moves is given to its new member only when the old one has
 * given it up, which takes a second rebalance (KIP-429).
 *
 * <p>The generation travels in the subscription itself (KIP-792) and, for members that do not know that, in the user data.
 */
public final class CooperativeStickyAssignor implements PartitionAssignor {

    @Override
    public String name() {
        return "cooperative-sticky";
    }

    @Override
    public boolean isCooperative() {
        return true;
    }

    @Override
    public byte @Nullable [] userData(int generation) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(generation).array();
    }

    @Override
    public Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts) {
        return assign(members, partitionCounts, PartitionRacks.UNKNOWN);
    }

    @Override
    public Map<String, List<TopicPartition>> assign(
            Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts, PartitionRacks racks) {
        Map<String, List<TopicPartition>> balanced = new StickyBalance(members, partitionCounts, racks).balance();
        Map<TopicPartition, String> claimedBy = new LinkedHashMap<>();
        members.forEach((id, member) -> member.owned().forEach(partition -> claimedBy.merge(partition, id, (first, second) -> first + '\0' + second)));
        Map<String, List<TopicPartition>> assignment = new LinkedHashMap<>();
        balanced.forEach((id, partitions) -> {
            List<TopicPartition> given = new ArrayList<>(partitions.size());
            for (TopicPartition partition : partitions) {
                if (isFree(partition, id, members, claimedBy)) {
                    given.add(partition);
                }
            }
            assignment.put(id, given);
        });
        return assignment;
    }

    /** Whether nobody but the member itself still has the partition. */
    private static boolean isFree(
            TopicPartition partition, String id, Map<String, MemberSubscription> members, Map<TopicPartition, String> claimedBy) {
        String claimants = claimedBy.get(partition);
        if (claimants == null || claimants.equals(id)) {
            return true;
        }
        // Several claim it: those of an older generation have lost it already, and the rest must give it up first.
        int newest = -1;
        for (String claimant : claimants.split("\0", -1)) {
            newest = Math.max(newest, generationOf(claimant, members));
        }
        for (String claimant : claimants.split("\0", -1)) {
            if (!claimant.equals(id) && generationOf(claimant, members) == newest) {
                return false;
            }
        }
        return true;
    }

    private static int generationOf(String id, Map<String, MemberSubscription> members) {
        MemberSubscription member = members.get(id);
        return member == null ? -1 : StickyBalance.generation(member);
    }
}
