package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks who is to hold partitions, where an administrator says so. */
final class ReplicaAssignments {

    private ReplicaAssignments() {}

    /** What speaks against it, or null. */
    static @Nullable Problem check(FakeKafka cluster, List<List<Integer>> assignment, int replicationFactor) {
        for (List<Integer> replicas : assignment) {
            if (replicas.isEmpty() || new TreeSet<>(replicas).size() != replicas.size()) {
                return invalid("A partition's replicas are different brokers, and at least one, and not " + replicas);
            }
            if (replicas.size() != replicationFactor) {
                return invalid("Each partition has " + replicationFactor + " replicas, and not " + replicas);
            }
            if (!replicas.stream().allMatch(cluster::isKnown)) {
                return invalid("Not all of " + replicas + " are brokers of this cluster");
            }
        }
        return null;
    }

    private static Problem invalid(String message) {
        return new Problem(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
