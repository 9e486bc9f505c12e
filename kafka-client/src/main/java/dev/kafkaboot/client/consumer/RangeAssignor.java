package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gives each member, in the order of their ids, one run of consecutive partitions of each topic that it subscribes to. The longer runs come first.
 *
 * <p>Where members tell their racks and not every partition has a replica in each of these, a member gets first what is near it, as many as it would have got
 * anyway, so runs are broken up (KIP-881). Topics with the same subscribers and as many partitions are treated as one: what has the same number goes to the same
 * member, as those expect who join them.
 */
public final class RangeAssignor implements PartitionAssignor {

    private static final boolean[][] NOWHERE = new boolean[0][];

    @Override
    public String name() {
        return "range";
    }

    @Override
    public boolean isCooperative() {
        return false;
    }

    @Override
    public Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts) {
        return assign(members, partitionCounts, PartitionRacks.UNKNOWN);
    }

    /** Topics that are distributed alike. */
    private record Alike(List<String> members, int partitions) {}

    @Override
    public Map<String, List<TopicPartition>> assign(
            Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts, PartitionRacks racks) {
        Map<String, List<TopicPartition>> assignment = new LinkedHashMap<>();
        Map<String, List<String>> membersByTopic = new TreeMap<>();
        for (Map.Entry<String, MemberSubscription> member : new TreeMap<>(members).entrySet()) {
            assignment.put(member.getKey(), new ArrayList<>());
            member.getValue().topics().forEach(topic -> membersByTopic.computeIfAbsent(topic, absent -> new ArrayList<>()).add(member.getKey()));
        }
        Map<Alike, List<String>> topics = new LinkedHashMap<>();
        membersByTopic.forEach((topic, ids) ->
                topics.computeIfAbsent(new Alike(ids, partitionCounts.getOrDefault(topic, 0)), absent -> new ArrayList<>()).add(topic));
        topics.forEach((alike, names) -> {
            List<String> owners = distribute(alike, names, members, racks);
            for (String topic : names) {
                for (int partition = 0; partition < owners.size(); partition++) {
                    assignment.getOrDefault(owners.get(partition), List.of()).add(new TopicPartition(topic, partition));
                }
            }
        });
        return assignment;
    }

    /** The owner of each partition number. */
    private static List<String> distribute(Alike alike, List<String> topics, Map<String, MemberSubscription> members, PartitionRacks racks) {
        List<String> ids = alike.members();
        int[] left = new int[ids.size()];
        for (int i = 0; i < left.length; i++) {
            left[i] = alike.partitions() / ids.size() + (i < alike.partitions() % ids.size() ? 1 : 0);
        }
        int[] owners = new int[alike.partitions()];
        boolean[][] near = near(alike, topics, members, racks);
        for (int partition = 0; partition < owners.length; partition++) {
            owners[partition] = -1;
            for (int i = 0; near.length > 0 && i < left.length && owners[partition] < 0; i++) {
                if (near[partition][i] && left[i] > 0) {
                    owners[partition] = i;
                    left[i]--;
                }
            }
        }
        int next = 0;
        List<String> named = new ArrayList<>(owners.length);
        for (int owner : owners) {
            while (owner < 0 && left[next] == 0) {
                next++;
            }
            if (owner < 0) {
                left[next]--;
            }
            named.add(ids.get(owner < 0 ? next : owner));
        }
        return named;
    }

    /** Whether a partition has a replica where a member is; nothing if that is so for all or for none. */
    private static boolean[][] near(Alike alike, List<String> topics, Map<String, MemberSubscription> members, PartitionRacks racks) {
        List<MemberSubscription> subscribers = alike.members().stream().map(members::get).filter(Objects::nonNull).toList();
        if (subscribers.stream().allMatch(member -> member.rack() == null)) {
            return NOWHERE;
        }
        boolean[][] near = new boolean[alike.partitions()][subscribers.size()];
        int count = 0;
        for (int partition = 0; partition < near.length; partition++) {
            Set<String> everywhere = new TreeSet<>(racks.of(new TopicPartition(topics.get(0), partition)));
            for (String topic : topics) {
                everywhere.retainAll(racks.of(new TopicPartition(topic, partition)));
            }
            for (int i = 0; i < near[partition].length; i++) {
                String rack = subscribers.get(i).rack();
                near[partition][i] = rack != null && everywhere.contains(rack);
                count += near[partition][i] ? 1 : 0;
            }
        }
        return count == 0 || count == near.length * subscribers.size() ? NOWHERE : near;
    }
}
