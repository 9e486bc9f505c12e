package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks whichever broker has the least to do about the topics of interest.
 *
 * <p>Whether a broker may create what it is asked about is said per request, so topics that may be made, and are not known yet, go in one of their own. So do
 * those of which only the ids are known. All topics are asked for only as long as somebody wants to know of those that are like something.
 */
final class MetadataRequests {

    /** From this version on, a topic can be asked about by its id (KIP-516). */
    private static final int FIRST_BY_ID = 12;

    private final Router router;
    private final MetadataSettings settings;
    private final String clientId;
    private @Nullable Node askedLast;

    MetadataRequests(Router router, MetadataSettings settings, String clientId) {
        this.router = router;
        this.settings = settings;
        this.clientId = clientId;
    }

    /**
     * One response.
     *
     * @param broker whose it is
     * @param response what was answered
     * @param version in which version, because not all of them are to be believed alike
     * @param tellsAll whether it was asked for all topics: then one that it lacks is not there
     */
    record Part(Node broker, MetadataResponse response, short version, boolean tellsAll) {}

    /**
     * All that was answered, by one broker or several.
     *
     * @param parts one response for each question, of which there is at least one
     */
    record Answer(List<Part> parts) {

        private Answer and(Answer later) {
            List<Part> all = new ArrayList<>(parts);
            all.addAll(later.parts);
            return new Answer(all);
        }

        /** The broker that gave the last part. */
        Node broker() {
            return parts.get(parts.size() - 1).broker;
        }

        /** The ids of the clusters for which it was answered, in the order of the parts; more than one if a broker's address has become another cluster's. */
        Set<String> clusterIds() {
            return parts.stream().map(part -> part.response.clusterId()).flatMap(Stream::ofNullable).collect(Collectors.toCollection(LinkedHashSet::new));
        }

        /** Who answered in the name of another cluster than this one, and of which. */
        Map<Node, String> brokersNotOf(String clusterId) {
            Map<Node, String> others = new LinkedHashMap<>();
            for (Part part : parts) {
                String id = part.response.clusterId();
                if (id != null && !id.equals(clusterId)) {
                    others.put(part.broker, id);
                }
            }
            return others;
        }

        /** What was refused as a whole, or NONE. */
        ErrorCode error() {
            return parts.stream().map(part -> ErrorCode.forCode(part.response.errorCode())).filter(error -> error != ErrorCode.NONE)
                    .findFirst().orElse(ErrorCode.NONE);
        }
    }

    CompletableFuture<Answer> send(TopicInterest interest, ClusterSnapshot known) {
        List<MetadataRequestTopic> toFind = new ArrayList<>();
        List<MetadataRequestTopic> toMake = new ArrayList<>();
        for (String topic : interest.names()) {
            TopicInfo info = known.topic(topic);
            boolean isThere = info != null && info.isKnown();
            if (interest.mayCreate(topic) && !isThere) {
                toMake.add(new MetadataRequestTopic().name(topic));
            } else if (!interest.wantsAll() || !isThere) {
                // Of what is there, the list of all topics tells; of the others only an answer of their own tells why they are not.
                toFind.add(new MetadataRequestTopic().name(topic));
            }
        }
        List<CompletableFuture<Answer>> asked = new ArrayList<>();
        if (interest.wantsAll()) {
            asked.add(send(version -> all(version), /* autoCreate= */ false, /* tellsAll= */ true));
        }
        if (!interest.ids().isEmpty()) {
            // A broker that is asked by ids does not look at names.
            List<MetadataRequestTopic> ids = interest.ids().stream().map(id -> new MetadataRequestTopic().name(null).topicId(id)).toList();
            asked.add(send(version -> version < FIRST_BY_ID ? List.of() : ids, /* autoCreate= */ false, /* tellsAll= */ false));
        }
        if (!toMake.isEmpty()) {
            asked.add(send(version -> toMake, /* autoCreate= */ true, /* tellsAll= */ false));
        }
        if (!toFind.isEmpty() || asked.isEmpty()) {
            asked.add(0, send(version -> toFind, /* autoCreate= */ false, /* tellsAll= */ false));
        }
        return asked.stream().reduce((first, second) -> first.thenCombine(second, Answer::and)).orElseThrow();
    }

    private static @Nullable List<MetadataRequestTopic> all(int version) {
        return version == 0 ? List.of() : null;
    }

    private CompletableFuture<Answer> send(IntFunction<@Nullable List<MetadataRequestTopic>> topics, boolean autoCreate, boolean tellsAll) {
        RequestOptions options = RequestOptions.of(ConnectionClass.GENERAL, settings.requestTimeout());
        return router.<MetadataResponse>dispatchToAny(
                        null, clientId, ApiKey.METADATA,
                        version -> new MetadataRequest().topics(topics.apply(version)).allowAutoTopicCreation(autoCreate),
                        options, node -> askedLast = node)
                .thenApply(frame -> answer(frame, tellsAll));
    }

    /** The broker that was asked last, or null if none was. */
    @Nullable Node askedLast() {
        return askedLast;
    }

    private static Answer answer(ReceivedFrame<MetadataResponse> frame, boolean tellsAll) {
        frame.release();
        return new Answer(List.of(new Part(frame.broker(), frame.response(), frame.version(), tellsAll)));
    }
}
