package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.net.ConnectionClass;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.RequestOptions;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks whichever broker has the least to do about the topics of interest.
 *
 * <p>Whether a broker may create what it is asked about is said per request, so topics that may be made, and are not known yet, go in one of their own.
 */
final class MetadataRequests {

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
     * @param response what was answered
     * @param version in which version, because not all of them are to be believed alike
     */
    record Part(MetadataResponse response, short version) {}

    /**
     * All that was answered, by one broker or two.
     *
     * @param broker the one that answered last
     * @param parts one or two responses
     */
    record Answer(Node broker, List<Part> parts) {

        /** What was refused as a whole, or NONE. */
        ErrorCode error() {
            return parts.stream().map(part -> ErrorCode.forCode(part.response.errorCode())).filter(error -> error != ErrorCode.NONE)
                    .findFirst().orElse(ErrorCode.NONE);
        }
    }

    CompletableFuture<Answer> send(TopicInterest interest, ClusterSnapshot known) {
        List<String> toFind = new ArrayList<>();
        List<String> toMake = new ArrayList<>();
        for (String topic : interest.names()) {
            TopicInfo info = known.topic(topic);
            boolean isThere = info != null && info.isKnown();
            (interest.mayCreate(topic) && !isThere ? toMake : toFind).add(topic);
        }
        if (toMake.isEmpty()) {
            return send(toFind, /* autoCreate= */ false);
        }
        if (toFind.isEmpty()) {
            return send(toMake, /* autoCreate= */ true);
        }
        return send(toFind, /* autoCreate= */ false).thenCombine(send(toMake, /* autoCreate= */ true), (found, made) -> {
            List<Part> parts = new ArrayList<>(found.parts());
            parts.addAll(made.parts());
            return new Answer(made.broker(), parts);
        });
    }

    private CompletableFuture<Answer> send(List<String> topics, boolean autoCreate) {
        MetadataRequest request = new MetadataRequest()
                .topics(topics.stream().map(name -> new MetadataRequest.MetadataRequestTopic().name(name)).toList())
                .allowAutoTopicCreation(autoCreate);
        RequestOptions options = RequestOptions.of(ConnectionClass.GENERAL, settings.requestTimeout());
        return router.<MetadataResponse>dispatchToAny(null, clientId, ApiKey.METADATA, version -> request, options, node -> askedLast = node)
                .thenApply(this::answer);
    }

    /** The broker that was asked last, or null if none was. */
    @Nullable Node askedLast() {
        return askedLast;
    }

    private Answer answer(ReceivedFrame<MetadataResponse> frame) {
        frame.release();
        return new Answer(frame.broker(), List.of(new Part(frame.response(), frame.version())));
    }
}
