package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.FetchRequest.FetchPartition;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fetch sessions that a broker keeps; a stop ends them. Where there is no room for another, the one that was used longest ago is dropped. */
final class FetchSessions {

    /** max.incremental.fetch.session.cache.slots. */
    private static final int SLOTS = 1000;

    private static final int IDS_OF_A_BROKER = 1_000_000;

    private final LinkedHashMap<Integer, FetchSession> byId = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);
    private int lastId;

    /** The sessions of a broker, with ids that no other broker gives. */
    FetchSessions(int brokerId) {
        lastId = Math.floorMod(brokerId, 1000) * IDS_OF_A_BROKER;
    }

    FetchSession create(boolean usesTopicIds, Map<FetchKey, FetchPartition> asked) {
        FetchSession session = new FetchSession(++lastId, usesTopicIds, asked);
        byId.put(session.id(), session);
        if (byId.size() > SLOTS) {
            byId.remove(byId.keySet().iterator().next());
        }
        return session;
    }

    @Nullable FetchSession find(int id) {
        return byId.get(id);
    }

    void remove(int id) {
        byId.remove(id);
    }

    void clear() {
        byId.clear();
    }
}
