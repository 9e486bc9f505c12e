package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.ShareGroupHeartbeatRequest;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A member of a share group: what it said of itself, and what it reads. There is nothing to let go of, so that it has at once what it is to have. */
final class ShareGroupMember {

    private final String id;
    private String clientId = "";
    private @Nullable String rackId;
    private Set<String> subscribedNames = Set.of();
    private int epoch;
    private int previousEpoch;
    private NavigableSet<GroupPartition> assigned = new TreeSet<>();

    ShareGroupMember(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    String clientId() {
        return clientId;
    }

    @Nullable String rackId() {
        return rackId;
    }

    /** The topics that it reads, in the order of their names. */
    Set<String> subscribedNames() {
        return subscribedNames;
    }

    int epoch() {
        return epoch;
    }

    /** Whether it may come with an epoch: the present one, or the one before if it has not got the answer that told it of the present one. */
    boolean mayBeIn(int saidEpoch) {
        return saidEpoch == epoch || saidEpoch == previousEpoch && saidEpoch < epoch;
    }

    NavigableSet<GroupPartition> assigned() {
        return new TreeSet<>(assigned);
    }

    /** Takes over what a heartbeat tells, and says whether the subscription is another one now. */
    boolean update(ShareGroupHeartbeatRequest request, String client) {
        clientId = client;
        rackId = request.rackId() == null ? rackId : request.rackId();
        Set<String> names = request.subscribedTopicNames() == null ? subscribedNames : new TreeSet<>(request.subscribedTopicNames());
        boolean changed = !names.equals(subscribedNames);
        subscribedNames = names;
        return changed;
    }

    /** Has what it is to have in an epoch. */
    void advance(int nextEpoch, NavigableSet<GroupPartition> share) {
        if (nextEpoch != epoch) {
            previousEpoch = epoch;
            epoch = nextEpoch;
        }
        assigned = new TreeSet<>(share);
    }
}
