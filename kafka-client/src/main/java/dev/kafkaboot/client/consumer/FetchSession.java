package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.FetchRequest;
import dev.kafkaboot.protocol.message.FetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.FetchRequest.FetchTopic;
import dev.kafkaboot.protocol.message.FetchRequest.ForgottenTopic;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fetch session with one broker (KIP-227): the broker remembers what is fetched, and a request tells only what has changed. On the loop.
 *
 * <p>One fetch is under way at a time. After any error the session starts anew with a full request.
 */
final class FetchSession {

    /**
     * What is asked of a partition.
     *
     * @param topicId the topic's id
     * @param offset from where
     * @param leaderEpoch the leader's epoch as it is known here
     * @param lastEpoch the epoch of the leader that wrote what lies before the offset, or -1
     * @param maxBytes at most
     * @param positionEpoch the epoch of the position under which it is asked; not sent
     */
    record Wanted(Uuid topicId, long offset, int leaderEpoch, int lastEpoch, int maxBytes, long positionEpoch) {

        boolean sameOnTheWire(Wanted other) {
            return topicId.equals(other.topicId) && offset == other.offset && leaderEpoch == other.leaderEpoch && lastEpoch == other.lastEpoch
                    && maxBytes == other.maxBytes;
        }
    }

    private int id;
    private int epoch;
    private Map<TopicPartition, Wanted> sent = new LinkedHashMap<>();
    private boolean inFlight;

    boolean isInFlight() {
        return inFlight;
    }

    /** What the request that is under way asks. */
    Map<TopicPartition, Wanted> sent() {
        return sent;
    }

    /** Puts what is wanted into a request. */
    void fill(FetchRequest request, Map<TopicPartition, Wanted> wanted) {
        request.sessionId(id).sessionEpoch(epoch);
        Map<String, FetchTopic> topics = new LinkedHashMap<>();
        wanted.forEach((partition, now) -> {
            Wanted before = epoch == 0 ? null : sent.get(partition);
            if (before == null || !before.sameOnTheWire(now)) {
                topics.computeIfAbsent(partition.topic(), topic -> new FetchTopic().topic(topic).topicId(now.topicId()))
                        .partitions().add(new FetchPartition()
                                .partition(partition.partition())
                                .fetchOffset(now.offset())
                                .currentLeaderEpoch(now.leaderEpoch())
                                .lastFetchedEpoch(now.lastEpoch())
                                .partitionMaxBytes(now.maxBytes()));
            }
        });
        request.topics().addAll(topics.values());
        if (epoch != 0) {
            forget(request, wanted);
        }
        sent = new LinkedHashMap<>(wanted);
        inFlight = true;
    }

    private void forget(FetchRequest request, Map<TopicPartition, Wanted> wanted) {
        Map<String, ForgottenTopic> forgotten = new LinkedHashMap<>();
        sent.forEach((partition, before) -> {
            Wanted now = wanted.get(partition);
            if (now == null || !now.topicId().equals(before.topicId())) {
                forgotten.computeIfAbsent(partition.topic(), topic -> new ForgottenTopic().topic(topic).topicId(before.topicId()))
                        .partitions().add(partition.partition());
            }
        });
        request.forgottenTopicsData().addAll(forgotten.values());
    }

    /** The broker answered with a session. */
    void answered(int sessionId) {
        inFlight = false;
        if (sessionId == 0) {
            // The broker keeps no session: every request is a full one.
            id = 0;
            epoch = 0;
        } else {
            id = sessionId;
            epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
        }
    }

    /** The session is over: the next request begins another. */
    void reset() {
        inFlight = false;
        id = 0;
        epoch = 0;
        sent = new LinkedHashMap<>();
    }
}
