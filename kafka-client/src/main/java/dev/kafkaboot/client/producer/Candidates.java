package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.cluster.ClusterSnapshot;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a topic among which records are shared out that may go anywhere: never none. Immutable.
 *
 * <p>They are counted out once, when the metadata or the brokers' state has changed, so that each draw is exact and costs the same, however few of a
 * thousand partitions are left.
 */
final class Candidates {

    private final int[] members;
    private final boolean[] isMember;
    private final @Nullable ClusterSnapshot cluster;
    private final @Nullable Set<Integer> stuck;

    private Candidates(int[] members, boolean[] isMember, @Nullable ClusterSnapshot cluster, @Nullable Set<Integer> stuck) {
        this.members = members;
        this.isMember = isMember;
        this.cluster = cluster;
        this.stuck = stuck;
    }

    private static Candidates of(int count, int[] members) {
        boolean[] isMember = new boolean[count];
        for (int member : members) {
            isMember[member] = true;
        }
        return new Candidates(members, isMember, null, null);
    }

    /** All partitions. */
    static Candidates all(int count) {
        return of(count, IntStream.range(0, count).toArray());
    }

    /** Those of the first of several conditions that any partition meets; all if none meets any. */
    static Candidates firstOf(int count, IntPredicate... conditions) {
        for (IntPredicate condition : conditions) {
            int[] members = IntStream.range(0, count).filter(condition).toArray();
            if (members.length > 0) {
                return of(count, members);
            }
        }
        return all(count);
    }

    /** The same, with what they were found out from. */
    Candidates foundFrom(ClusterSnapshot metadata, Set<Integer> stuckBrokers) {
        return new Candidates(members, isMember, metadata, stuckBrokers);
    }

    /** Whether they were found out from just this, and so hold as long as it does. */
    boolean areFrom(ClusterSnapshot metadata, Set<Integer> stuckBrokers, int count) {
        return cluster == metadata && stuck == stuckBrokers && isMember.length == count;
    }

    boolean has(int partition) {
        return partition >= 0 && partition < isMember.length && isMember[partition];
    }

    /** One of them. */
    int draw(int random) {
        return members[Math.floorMod(random, members.length)];
    }

    /** One of them, and another one than this if there is another. */
    int drawOther(int partition, int random) {
        int position = Arrays.binarySearch(members, partition);
        if (position < 0 || members.length == 1) {
            return draw(random);
        }
        int drawn = Math.floorMod(random, members.length - 1);
        return members[drawn < position ? drawn : drawn + 1];
    }

    @Override
    public String toString() {
        return Arrays.toString(members) + " of " + isMember.length;
    }
}
