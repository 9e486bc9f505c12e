package dev.kafkaboot.test.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a process did, with what is known of the result. */
public sealed interface Action {

    /** No offset, or one that nobody told. */
    long NO_OFFSET = -1;

    /**
     * A record was sent.
     *
     * @param value what it carries
     * @param partition where it is, as acknowledged or as asked for; its number may be unknown
     * @param offset the acknowledged offset, or {@link #NO_OFFSET}
     */
    record Send(HistoryValue value, PartitionId partition, long offset) implements Action {}

    /**
     * Records were asked for.
     *
     * @param records what was handed out, in that order
     */
    record Poll(List<PolledRecord> records) implements Action {

        /** Copies the records. */
        public Poll {
            records = List.copyOf(records);
        }
    }

    /**
     * Offsets were committed.
     *
     * @param group whose offsets
     * @param offsets the offset of the next record to read, per partition
     * @param automatic whether the client did it unasked
     */
    record Commit(String group, SortedMap<PartitionId, Long> offsets, boolean automatic) implements Action {

        /** Copies the offsets. */
        public Commit {
            offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
        }
    }

    /**
     * The committed offsets of a group were asked for.
     *
     * @param group whose offsets
     * @param partitions of which partitions
     * @param answer what came back; a partition that is not in it has no committed offset
     */
    record Committed(String group, List<PartitionId> partitions, SortedMap<PartitionId, Long> answer) implements Action {

        /** Copies both. */
        public Committed {
            partitions = sorted(partitions);
            answer = Collections.unmodifiableSortedMap(new TreeMap<>(answer));
        }
    }

    /**
     * The consumer was told which partitions to read.
     *
     * @param partitions all of them
     */
    record Assign(List<PartitionId> partitions) implements Action {

        /** Copies the partitions. */
        public Assign {
            partitions = sorted(partitions);
        }
    }

    /**
     * The consumer was told which topics to read with its group.
     *
     * @param topics all of them; none is the end of the subscription
     */
    record Subscribe(List<String> topics) implements Action {

        /** Copies the topics. */
        public Subscribe {
            topics = topics.stream().sorted().toList();
        }
    }

    /**
     * The consumer's position was set.
     *
     * @param partition of which partition
     * @param offset the next offset to read, or {@link #NO_OFFSET} if it is not known (the end, a time)
     */
    record Seek(PartitionId partition, long offset) implements Action {}

    /** How a rebalance changed what a consumer reads. */
    enum Change {
        /** Partitions came in addition. */
        ASSIGNED,
        /** Partitions were given up in good order. */
        REVOKED,
        /** Partitions were taken away; others may read them already. */
        LOST
    }

    /**
     * The group gave or took partitions.
     *
     * @param change which
     * @param partitions those that changed
     */
    record Rebalance(Change change, List<PartitionId> partitions) implements Action {

        /** Copies the partitions. */
        public Rebalance {
            partitions = sorted(partitions);
        }
    }

    /**
     * A record that was handed out has been dealt with.
     *
     * @param partition where it was found
     * @param offset its offset
     */
    record Finished(PartitionId partition, long offset) implements Action {}

    /** How a transaction was asked to end. */
    enum End {
        /** With a commit. */
        COMMIT,
        /** With an abort. */
        ABORT
    }

    /**
     * A transaction, to which sends, polls and commits belong. OK: it was committed; FAIL: it was certainly not.
     *
     * @param end how it was first asked to end, or null if it never was
     * @param endPosition the position in the history at which it was asked to, or -1
     * @param endNanos when it was asked to, or -1
     */
    record Transaction(@Nullable End end, long endPosition, long endNanos) implements Action {}

    /** The process ended without warning. */
    record Crash() implements Action {}

    /** The process was told to end. */
    record Close() implements Action {}

    private static <T extends Comparable<T>> List<T> sorted(Collection<T> partitions) {
        List<T> copy = new ArrayList<>(partitions);
        Collections.sort(copy);
        return List.copyOf(copy);
    }

    /** The offsets of one partition. */
    static SortedMap<PartitionId, Long> offsets(PartitionId partition, long offset) {
        return new TreeMap<>(Map.of(partition, offset));
    }
}
