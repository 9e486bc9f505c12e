package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sessions of members of share groups with one broker. When a session ends, by request or with its connection, what the member has goes back. */
final class ShareSessions {

    static final int INITIAL_EPOCH = 0;
    static final int FINAL_EPOCH = -1;

    private static final int MEMBER_ID_LENGTH_MAX = 36;

    private final FakeKafka cluster;
    private final Map<ShareSession.Key, ShareSession> byMember = new LinkedHashMap<>();

    ShareSessions(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static boolean isMemberId(@Nullable String id) {
        return id != null && !id.isEmpty() && id.length() <= MEMBER_ID_LENGTH_MAX;
    }

    /** Whether there is room for a session that begins; one of the same member is replaced. */
    boolean hasRoomFor(ShareSession.Key key) {
        return byMember.containsKey(key) || byMember.size() < cluster.settings().shares().maxSessions();
    }

    /** Begins a session; what the member has from an earlier one it keeps. */
    ShareSession begin(ShareSession.Key key, long connection) {
        ShareSession session = new ShareSession(key, connection);
        byMember.put(key, session);
        return session;
    }

    /** What speaks against a request of a session, of any epoch but the first. */
    ErrorCode check(ShareSession.Key key, int epoch) {
        ShareSession session = byMember.get(key);
        if (session == null) {
            return ErrorCode.SHARE_SESSION_NOT_FOUND;
        }
        return epoch == FINAL_EPOCH || epoch == session.epoch() ? ErrorCode.NONE : ErrorCode.INVALID_SHARE_SESSION_EPOCH;
    }

    /** The session of a member, or null. */
    @Nullable ShareSession find(ShareSession.Key key) {
        return byMember.get(key);
    }

    /** The ids of those who have a session of a group. */
    List<String> membersOf(String groupId) {
        return byMember.keySet().stream().filter(key -> key.groupId().equals(groupId)).map(ShareSession.Key::memberId).toList();
    }

    /** Ends a session. */
    void end(ShareSession session) {
        if (byMember.remove(session.key(), session)) {
            for (GroupPartition partition : session.partitions()) {
                SharePartition shared = cluster.shareStates().find(session.key().groupId(), partition);
                if (shared != null) {
                    shared.release(session.key().memberId());
                }
            }
        }
    }

    /** A connection is gone, and so are the sessions that were begun on it. */
    void disconnected(long connection) {
        List.copyOf(byMember.values()).stream().filter(session -> session.connection() == connection).forEach(this::end);
    }
}
