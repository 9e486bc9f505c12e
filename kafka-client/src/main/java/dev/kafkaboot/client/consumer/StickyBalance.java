package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.PartitionAssignor.MemberSubscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One calculation of a balanced distribution that keeps what it can.
 *
 * <ol>
 *   <li>Every member keeps what it has, as far as the partition exists, the member still subscribes to it, and no member of a newer generation has it.
 *   <li>What nobody has goes, topic by topic, to the member that can take it and has least: of those that are in the rack of a replica and have not yet got
 *       their share, if there are any, and otherwise of all.
 *   <li>As long as a member has at least two partitions more than another that could take one of them, one moves.
 * </ol>
 *
 * <p>Step 3 ends, because each move makes the sum of the squares of the loads smaller. Where members subscribe to different topics, a move may have to go
 * through a third member; {@link #chain} looks for such a path.
 */
final class StickyBalance {

    private final Map<String, MemberSubscription> members;
    private final Map<String, Integer> partitionCounts;
    private final PartitionRacks racks;
    private final Map<String, List<TopicPartition>> given = new LinkedHashMap<>();
    private final Map<TopicPartition, String> owner = new LinkedHashMap<>();

    StickyBalance(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts, PartitionRacks racks) {
        this.racks = racks;
        this.members = new TreeMap<>(members);
        this.partitionCounts = new TreeMap<>(partitionCounts);
    }

    /** The generation in which a member got what it has: from the subscription or, if it is not there, from the user data; -1 if it is nowhere. */
    static int generation(MemberSubscription member) {
        byte[] userData = member.userData();
        if (member.generation() < 0 && userData != null && userData.length >= Integer.BYTES) {
            return Math.max(-1, ByteBuffer.wrap(userData).getInt());
        }
        return member.generation();
    }

    Map<String, List<TopicPartition>> balance() {
        members.keySet().forEach(id -> given.put(id, new ArrayList<>()));
        keep();
        distribute();
        while (move()) {
            // until no move is left that makes it more even
        }
        given.values().forEach(partitions -> partitions.sort(Comparator.naturalOrder()));
        return given;
    }

    private void keep() {
        Map<TopicPartition, Integer> claimedIn = new HashMap<>();
        Set<TopicPartition> disputed = new LinkedHashSet<>();
        members.forEach((id, member) -> {
            int generation = generation(member);
            for (TopicPartition partition : member.owned()) {
                if (!canTake(id, partition)) {
                    continue;
                }
                Integer earlier = claimedIn.get(partition);
                if (earlier == null || generation > earlier) {
                    claimedIn.put(partition, generation);
                    disputed.remove(partition);
                    owner.put(partition, id);
                } else if (generation == earlier) {
                    disputed.add(partition); // two claim it with the same right, so neither does
                }
            }
        });
        disputed.forEach(owner::remove);
        owner.forEach((partition, id) -> listOf(id).add(partition));
        given.values().forEach(partitions -> partitions.sort(Comparator.naturalOrder()));
    }

    private void distribute() {
        List<TopicPartition> free = new ArrayList<>();
        partitionCounts.forEach((topic, count) -> {
            for (int i = 0; i < count; i++) {
                TopicPartition partition = new TopicPartition(topic, i);
                if (!owner.containsKey(partition)) {
                    free.add(partition);
                }
            }
        });
        // Those that few can take first, so that what is left can even out.
        Map<String, Integer> takers = new HashMap<>();
        partitionCounts.keySet().forEach(topic ->
                takers.put(topic, (int) members.values().stream().filter(member -> member.topics().contains(topic)).count()));
        free.sort(Comparator.comparing((TopicPartition partition) -> takers.getOrDefault(partition.topic(), 0)).thenComparing(Comparator.naturalOrder()));
        int share = (owner.size() + free.size() + members.size() - 1) / Math.max(1, members.size());
        boolean anyRack = members.values().stream().anyMatch(member -> member.rack() != null);
        List<TopicPartition> far = new ArrayList<>();
        for (TopicPartition partition : free) {
            Set<String> near = anyRack ? racks.of(partition) : Set.of();
            String least = near.isEmpty() ? null : least(partition, near, share);
            if (least != null) {
                give(partition, least);
            } else {
                far.add(partition);
            }
        }
        for (TopicPartition partition : far) {
            String least = least(partition, null, Integer.MAX_VALUE);
            if (least != null) {
                give(partition, least);
            }
        }
    }

    private void give(TopicPartition partition, String id) {
        listOf(id).add(partition);
        owner.put(partition, id);
    }

    /** Of those that can take a partition, are in certain racks if these are told, and have less than so many: who has least; null if there is none. */
    private @Nullable String least(TopicPartition partition, @Nullable Set<String> near, int share) {
        String least = null;
        for (Map.Entry<String, MemberSubscription> member : members.entrySet()) {
            String id = member.getKey();
            String rack = member.getValue().rack();
            boolean isNear = near == null || rack != null && near.contains(rack);
            if (isNear && listOf(id).size() < share && canTake(id, partition) && (least == null || listOf(id).size() < listOf(least).size())) {
                least = id;
            }
        }
        return least;
    }

    private boolean move() {
        List<String> byLoad = new ArrayList<>(members.keySet());
        byLoad.sort(Comparator.comparingInt((String id) -> listOf(id).size()).thenComparing(Comparator.naturalOrder()));
        for (String poor : byLoad) {
            for (int i = byLoad.size() - 1; i >= 0; i--) {
                String rich = byLoad.get(i);
                if (listOf(rich).size() - listOf(poor).size() < 2) {
                    break;
                }
                if (chain(rich, poor)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Takes one from the rich member and gives one to the poor one, through others if need be, by the shortest way (breadth first). */
    private boolean chain(String rich, String poor) {
        Map<String, TopicPartition> step = new HashMap<>();
        Map<String, String> from = new HashMap<>();
        List<String> reached = new ArrayList<>(List.of(rich));
        for (int i = 0; i < reached.size(); i++) {
            String giver = reached.get(i);
            for (TopicPartition partition : lastOfEachTopic(giver)) {
                for (String taker : members.keySet()) {
                    if (!taker.equals(rich) && !from.containsKey(taker) && canTake(taker, partition)) {
                        from.put(taker, giver);
                        step.put(taker, partition);
                        reached.add(taker);
                    }
                }
            }
            if (from.containsKey(poor)) {
                follow(from, step, rich, poor);
                return true;
            }
        }
        return false;
    }

    private void follow(Map<String, String> from, Map<String, TopicPartition> step, String rich, String poor) {
        String taker = poor;
        while (!taker.equals(rich)) {
            TopicPartition partition = step.get(taker);
            String giver = from.get(taker);
            if (partition == null || giver == null) {
                throw new IllegalStateException("The way from " + rich + " to " + poor + " breaks off at " + taker);
            }
            listOf(giver).remove(partition);
            listOf(taker).add(partition);
            owner.put(partition, taker);
            taker = giver;
        }
    }

    /** One partition a topic is enough to try: what a member can take is decided by topics. Those that were added last come first, as they were not owned. */
    private List<TopicPartition> lastOfEachTopic(String id) {
        Map<String, TopicPartition> last = new TreeMap<>();
        for (TopicPartition partition : listOf(id)) {
            last.put(partition.topic(), partition);
        }
        return List.copyOf(last.values());
    }

    private boolean canTake(String id, TopicPartition partition) {
        MemberSubscription member = members.get(id);
        Integer count = partitionCounts.get(partition.topic());
        return member != null && count != null && partition.partition() >= 0 && partition.partition() < count && member.topics().contains(partition.topic());
    }

    private List<TopicPartition> listOf(String id) {
        List<TopicPartition> partitions = given.get(id);
        if (partitions == null) {
            throw new IllegalStateException("No member " + id);
        }
        return partitions;
    }
}
