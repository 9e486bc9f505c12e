package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.FetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.FetchResponse.EpochEndOffset;
import dev.kafkaboot.protocol.message.FetchResponse.PartitionData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a client fetches again and again from one broker, so that it need not say all of it each time (KIP-227). */
final class FetchSession {

    private static final EpochEndOffset NO_DIVERGENCE = new EpochEndOffset();

    private final int id;
    private final boolean usesTopicIds;
    private final LinkedHashMap<FetchKey, Part> parts = new LinkedHashMap<>();
    private int epoch = 1;

    /** A partition of a session: how it is fetched, and what was told last. */
    private static final class Part {

        private FetchPartition asked;
        private long highWatermark = -1;
        private long logStartOffset = -1;

        private Part(FetchPartition asked) {
            this.asked = asked;
        }
    }

    FetchSession(int id, boolean usesTopicIds, Map<FetchKey, FetchPartition> asked) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
        asked.forEach((key, partition) -> parts.put(key, new Part(partition)));
    }

    int id() {
        return id;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    /** The epoch that the next request has to have. */
    int epoch() {
        return epoch;
    }

    static int epochAfter(int epoch) {
        return epoch == Integer.MAX_VALUE ? 1 : epoch + 1; // 0 is a session's first, which comes once
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Takes what a request adds, changes and drops, and waits for the next epoch. */
    void update(Map<FetchKey, FetchPartition> changed, List<FetchKey> forgotten) {
        changed.forEach((key, partition) -> {
            Part known = parts.putIfAbsent(key, new Part(partition));
            if (known != null) {
                known.asked = partition;
            }
        });
        forgotten.forEach(parts::remove);
        epoch = epochAfter(epoch);
    }

    /** What is to be fetched, in the order in which it is answered. */
    Map<FetchKey, FetchPartition> asked() {
        Map<FetchKey, FetchPartition> asked = new LinkedHashMap<>();
        parts.forEach((key, part) -> asked.put(key, part.asked));
        return asked;
    }

    /** Notes what the first answer tells. */
    void told(FetchKey key, PartitionData data) {
        Part part = parts.get(key);
        if (part != null) {
            part.highWatermark = data.highWatermark();
            part.logStartOffset = data.logStartOffset();
        }
    }

    /** Those of the results that have something new; what has records goes to the end of the line, so that each partition has its turn. */
    Map<FetchKey, PartitionData> news(Map<FetchKey, PartitionData> results) {
        Map<FetchKey, PartitionData> news = new LinkedHashMap<>();
        List<FetchKey> served = new ArrayList<>();
        results.forEach((key, data) -> {
            Part part = parts.get(key);
            if (part == null || !isNews(part, data)) {
                return;
            }
            news.put(key, data);
            // After an error, so that the partition is told about again when the error is gone.
            part.highWatermark = data.errorCode() == 0 ? data.highWatermark() : -1;
            part.logStartOffset = data.logStartOffset();
            if (hasRecords(data)) {
                served.add(key);
            }
        });
        for (FetchKey key : served) {
            Part part = parts.remove(key);
            if (part != null) {
                parts.put(key, part);
            }
        }
        return news;
    }

    private static boolean isNews(Part part, PartitionData data) {
        return hasRecords(data)
                || data.errorCode() != 0
                || data.highWatermark() != part.highWatermark
                || data.logStartOffset() != part.logStartOffset
                || data.preferredReadReplica() >= 0
                || !data.divergingEpoch().equals(NO_DIVERGENCE);
    }

    private static boolean hasRecords(PartitionData data) {
        return data.records() != null && data.records().size() > 0;
    }
}
