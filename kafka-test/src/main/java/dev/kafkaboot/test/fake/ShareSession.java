package dev.kafkaboot.test.fake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a member of a share group reads from one broker; it lasts as long as the connection on which it was begun (KIP-932). */
final class ShareSession {

    private final Key key;
    private final long connection;
    private final Set<GroupPartition> partitions = new LinkedHashSet<>();
    private int epoch = 1;

    /** Whose session it is. */
    record Key(String groupId, String memberId) {}

    ShareSession(Key key, long connection) {
        this.key = key;
        this.connection = connection;
    }

    Key key() {
        return key;
    }

    /** The number of the connection. */
    long connection() {
        return connection;
    }

    /** The epoch that the next request has to have. */
    int epoch() {
        return epoch;
    }

    /** A request of the present epoch is taken. */
    void advance() {
        epoch = FetchSession.epochAfter(epoch);
    }

    void update(Collection<GroupPartition> added, Collection<GroupPartition> forgotten) {
        partitions.addAll(added);
        partitions.removeAll(forgotten);
    }

    Set<GroupPartition> partitions() {
        return new LinkedHashSet<>(partitions);
    }

    /** The partitions in the order in which they are read: with each request another is the first. */
    List<GroupPartition> inTurn() {
        List<GroupPartition> turn = new ArrayList<>(partitions);
        if (!turn.isEmpty()) {
            Collections.rotate(turn, -Math.floorMod(epoch - 1, turn.size()));
        }
        return turn;
    }
}
