package dev.kafkaboot.test.fake;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The offsets that groups have committed, and those that wait for the end of a transaction.
 *
 * <p>An offset that a transaction brings is {@link #pend pending} until the transaction is {@link #complete complete}. Of two commits for one partition the one that
 * was written later stands, whether or not a transaction was committed in between: a pending offset loses against a plain one that came after it.
 */
final class GroupOffsetsStore {

    private final FakeKafka cluster;
    private final TreeMap<String, TreeMap<OffsetKey, Entry>> committed = new TreeMap<>();
    private final TreeMap<Pending, Map<OffsetKey, Entry>> pending = new TreeMap<>();
    private long writes;

    /** An offset, and which write of all it was. */
    private record Entry(CommittedOffset offset, long number) {}

    /** Whose offsets wait in which group. */
    private record Pending(String groupId, long producerId) implements Comparable<Pending> {

        @Override
        public int compareTo(Pending other) {
            int byGroup = groupId.compareTo(other.groupId);
            return byGroup != 0 ? byGroup : Long.compare(producerId, other.producerId);
        }
    }

    GroupOffsetsStore(FakeKafka cluster) {
        this.cluster = cluster;
    }

    // ---- plain commits

    void commit(String groupId, OffsetKey key, CommittedOffset offset) {
        committed.computeIfAbsent(groupId, id -> new TreeMap<>()).put(key, new Entry(offset, ++writes));
    }

    /** What is committed for a partition, or null. */
    @Nullable CommittedOffset find(String groupId, OffsetKey key) {
        SortedMap<OffsetKey, Entry> own = committed.get(groupId);
        Entry entry = own == null ? null : own.get(key);
        return entry == null ? null : entry.offset;
    }

    /** All that a group has committed, by topic and partition. */
    NavigableMap<OffsetKey, CommittedOffset> all(String groupId) {
        NavigableMap<OffsetKey, CommittedOffset> all = new TreeMap<>();
        committed.getOrDefault(groupId, new TreeMap<>()).forEach((key, entry) -> all.put(key, entry.offset));
        return all;
    }

    // ---- commits in transactions

    /** Keeps an offset until the producer's transaction has ended. */
    void pend(String groupId, long producerId, OffsetKey key, CommittedOffset offset) {
        pending.computeIfAbsent(new Pending(groupId, producerId), owner -> new TreeMap<>()).put(key, new Entry(offset, ++writes));
    }

    /** The producer's transaction has ended: its offsets in the group become committed ones, or are dropped. */
    void complete(long producerId, String groupId, boolean commit) {
        Map<OffsetKey, Entry> ended = pending.remove(new Pending(groupId, producerId));
        if (ended == null || !commit) {
            return;
        }
        SortedMap<OffsetKey, Entry> own = committed.computeIfAbsent(groupId, id -> new TreeMap<>());
        ended.forEach((key, entry) -> own.merge(key, entry, (old, brought) -> brought.number > old.number ? brought : old));
    }

    /** Whether a transaction that has not ended brings an offset for a partition. */
    boolean isPending(String groupId, OffsetKey key) {
        return ofGroup(groupId).values().stream().anyMatch(offsets -> offsets.containsKey(key));
    }

    private boolean hasPending(String groupId) {
        return !ofGroup(groupId).isEmpty();
    }

    private Map<Pending, Map<OffsetKey, Entry>> ofGroup(String groupId) {
        return pending.subMap(new Pending(groupId, Long.MIN_VALUE), /* fromInclusive= */ true, new Pending(groupId, Long.MAX_VALUE), /* toInclusive= */ true);
    }

    // ---- forgetting

    /** Deletes what is committed or pending for a partition. */
    void remove(String groupId, OffsetKey key) {
        SortedMap<OffsetKey, Entry> own = committed.get(groupId);
        if (own != null) {
            own.remove(key);
        }
        ofGroup(groupId).values().forEach(offsets -> offsets.remove(key));
    }

    /** Deletes all of a group's offsets. */
    void forget(String groupId) {
        committed.remove(groupId);
        ofGroup(groupId).clear();
    }

    /** Deletes all groups' offsets of a topic. */
    void forgetTopic(String topic) {
        committed.values().forEach(offsets -> offsets.keySet().removeIf(key -> key.topic().equals(topic)));
        pending.values().forEach(offsets -> offsets.keySet().removeIf(key -> key.topic().equals(topic)));
    }

    /** Deletes a group's offsets that have grown old, and tells whether nothing is left, nor will come from a transaction. */
    boolean expire(Group group, long nowMillis) {
        for (Map.Entry<OffsetKey, CommittedOffset> each : List.copyOf(all(group.id()).entrySet())) {
            OffsetKey key = each.getKey();
            if (hasExpired(group, key, each.getValue(), nowMillis) && !isPending(group.id(), key)) {
                remove(group.id(), key);
            }
        }
        return all(group.id()).isEmpty() && !hasPending(group.id());
    }

    private boolean hasExpired(Group group, OffsetKey key, CommittedOffset offset, long nowMillis) {
        OptionalLong agesSince = group.offsetAgesSince(offset.committedMillis());
        if (agesSince.isEmpty() || group.isSubscribedTo(key.topic())) {
            return false;
        }
        if (offset.expiresMillis() != CommittedOffset.NONE) {
            return nowMillis >= offset.expiresMillis();
        }
        return nowMillis - agesSince.getAsLong() >= cluster.settings().groups().offsetRetentionMillis();
    }
}
