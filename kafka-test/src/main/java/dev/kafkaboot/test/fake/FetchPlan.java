package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.FetchRequest.FetchTopic;
import dev.kafkaboot.protocol.message.FetchRequest.ForgottenTopic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a Fetch request asks for, with what its session adds (KIP-227).
 *
 * @param error why nothing is fetched, or NONE
 * @param asked what is fetched, in order
 * @param session the session that the request continues, or null
 * @param startsSession whether the answer begins a session
 */
record FetchPlan(ErrorCode error, Map<FetchKey, FetchPartition> asked, @Nullable FetchSession session, boolean startsSession) {

    private static final int NO_SESSION = 0;
    private static final int INITIAL_EPOCH = 0;
    private static final int FINAL_EPOCH = -1;

    static FetchPlan of(FetchRequest request, int version, FetchSessions sessions) {
        Map<FetchKey, FetchPartition> asked = asked(request, version);
        int epoch = request.sessionEpoch();
        if (epoch == INITIAL_EPOCH || epoch == FINAL_EPOCH) {
            if (request.sessionId() != NO_SESSION) {
                sessions.remove(request.sessionId());
            }
            return new FetchPlan(ErrorCode.NONE, asked, null, epoch == INITIAL_EPOCH);
        }
        FetchSession session = sessions.find(request.sessionId());
        if (session == null) {
            return refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (session.usesTopicIds() != FetchKey.usesIds(version)) {
            return refused(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        if (session.epoch() != epoch) {
            return refused(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        }
        session.update(asked, forgotten(request, version));
        if (session.isEmpty()) {
            sessions.remove(session.id());
            return new FetchPlan(ErrorCode.NONE, asked, null, /* startsSession= */ false);
        }
        return new FetchPlan(ErrorCode.NONE, session.asked(), session, /* startsSession= */ false);
    }

    private static FetchPlan refused(ErrorCode error) {
        return new FetchPlan(error, Map.of(), null, /* startsSession= */ false);
    }

    private static Map<FetchKey, FetchPartition> asked(FetchRequest request, int version) {
        Map<FetchKey, FetchPartition> asked = new LinkedHashMap<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition partition : topic.partitions()) {
                asked.put(FetchKey.of(topic.topic(), topic.topicId(), partition.partition(), version), partition);
            }
        }
        return asked;
    }

    private static List<FetchKey> forgotten(FetchRequest request, int version) {
        List<FetchKey> forgotten = new ArrayList<>();
        for (ForgottenTopic topic : request.forgottenTopicsData()) {
            topic.partitions().forEach(index -> forgotten.add(FetchKey.of(topic.topic(), topic.topicId(), index, version)));
        }
        return forgotten;
    }
}
