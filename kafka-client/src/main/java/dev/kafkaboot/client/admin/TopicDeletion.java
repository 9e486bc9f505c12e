package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import dev.kafkaboot.protocol.message.DeleteTopicsResponse;
import dev.kafkaboot.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Deletes topics, over all attempts of one operation. On the loop only.
 *
 * <p>An attempt whose answer was lost may have deleted a topic, and somebody may have made another of that name since. So the ids are looked up before the
 * first attempt, and whatever may be gone is told by its id from then on, where the broker tells ids and takes them (KIP-516): the other is not touched.
 *
 * <p>A topic that a broker did not know then may be too new for it, so it is asked for by its name, but only until an answer is lost. After that, what has the
 * name may be another, and who asked is told that nobody knows.
 */
final class TopicDeletion {

    /** From this version on, DeleteTopics takes names and ids in one list. */
    private static final int TAKES_IDS_FROM = 6;

    private final ClientConnections connections;
    private final TopicBatch<Uuid> batch;
    private final Set<String> notFound = new LinkedHashSet<>();
    private @Nullable Map<String, Uuid> ids;

    TopicDeletion(ClientConnections connections, Collection<String> names) {
        this.connections = connections;
        this.batch = new TopicBatch<>(ApiKey.DELETE_TOPICS, names, List.of(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.UNKNOWN_TOPIC_ID));
    }

    TopicBatch<Uuid> batch() {
        return batch;
    }

    CompletableFuture<Map<String, Uuid>> attempt(RequestOptions options) {
        Map<String, Uuid> known = ids;
        if (known != null) {
            failWhatMayBeAnother();
            return batch.pending().isEmpty() ? batch.outcome() : delete(known, options);
        }
        long startedNanos = connections.loop().nanoTime();
        MetadataRequest request = new MetadataRequest()
                .topics(batch.pending().stream().map(name -> new MetadataRequest.MetadataRequestTopic().name(name)).toList())
                .allowAutoTopicCreation(false);
        return connections.dispatchToAny(request, options).thenCompose(response -> {
            Map<String, Uuid> found = ids(response);
            ids = found;
            return delete(found, options.after(Duration.ofNanos(connections.loop().nanoTime() - startedNanos)));
        });
    }

    private void failWhatMayBeAnother() {
        batch.pending().stream().filter(notFound::contains).filter(batch::mayBeDone).forEach(name -> batch.failed(name, new KafkaException(
                "Whether topic '" + name + "' was deleted is not known: it was not found at first, the answer to its deletion was lost, and another may have its name now")));
    }

    private Map<String, Uuid> ids(MetadataResponse response) {
        Map<String, Uuid> found = new LinkedHashMap<>();
        for (MetadataResponse.MetadataResponseTopic topic : response.topics()) {
            String name = topic.name();
            if (name != null && !topic.topicId().equals(Uuid.ZERO)) {
                found.put(name, topic.topicId());
            } else if (name != null && topic.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()) {
                notFound.add(name);
            }
        }
        return found;
    }

    private CompletableFuture<Map<String, Uuid>> delete(Map<String, Uuid> known, RequestOptions options) {
        return batch.watch(connections.<DeleteTopicsResponse>dispatchFrameToController(
                ApiKey.DELETE_TOPICS, version -> request(known, version, options), options)).thenCompose(frame -> answered(known, frame));
    }

    private DeleteTopicsRequest request(Map<String, Uuid> known, int version, RequestOptions options) {
        DeleteTopicsRequest request = new DeleteTopicsRequest().timeoutMs(AdminCalls.brokersMillis(options));
        return version < TAKES_IDS_FROM
                ? request.topicNames(batch.pending())
                : request.topics(batch.pending().stream().map(name -> topic(name, known.get(name))).toList());
    }

    private DeleteTopicState topic(String name, @Nullable Uuid id) {
        return id != null && batch.mayBeDone(name) ? new DeleteTopicState().topicId(id) : new DeleteTopicState().name(name);
    }

    private CompletableFuture<Map<String, Uuid>> answered(Map<String, Uuid> known, ReceivedFrame<DeleteTopicsResponse> frame) {
        Node broker = frame.broker();
        for (DeletableTopicResult result : frame.response().responses()) {
            String name = result.name() != null ? result.name() : nameOf(known, result.topicId());
            if (name != null) {
                batch.answered(name, result.errorCode(), result.errorMessage(), broker, result::topicId);
            }
        }
        frame.release();
        return batch.outcome();
    }

    private static @Nullable String nameOf(Map<String, Uuid> known, Uuid id) {
        return known.entrySet().stream().filter(entry -> entry.getValue().equals(id)).map(Map.Entry::getKey).findFirst().orElse(null);
    }
}
