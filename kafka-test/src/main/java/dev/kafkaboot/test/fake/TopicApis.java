package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.CreateTopicsRequest;
import dev.kafkaboot.protocol.message.CreateTopicsRequest.CreatableTopic;
import dev.kafkaboot.protocol.message.CreateTopicsResponse;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import dev.kafkaboot.protocol.message.DeleteTopicsResponse;
import dev.kafkaboot.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** CreateTopics and DeleteTopics. Any broker does it: it would hand the request on to the controller. */
final class TopicApis {

    /** From this version on topics are deleted by id as well. */
    private static final short FIRST_DELETE_WITH_IDS = 6;

    private final FakeKafka cluster;
    private final TopicCreations creations;

    private TopicApis(FakeKafka cluster) {
        this.cluster = cluster;
        this.creations = new TopicCreations(cluster);
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        TopicApis own = new TopicApis(cluster);
        apis.add(new Api<>(CreateTopicsRequest::new, own::create, TopicApis::createFailure));
        apis.add(new Api<>(DeleteTopicsRequest::new, own::delete, TopicApis::deleteFailure));
    }

    // ---- CreateTopics

    private void create(Exchange<CreateTopicsRequest, CreateTopicsResponse> exchange) {
        CreateTopicsRequest request = exchange.request();
        Map<String, List<CreatableTopic>> byName = new LinkedHashMap<>();
        request.topics().forEach(topic -> byName.computeIfAbsent(topic.name(), name -> new ArrayList<>()).add(topic));
        exchange.reply(new CreateTopicsResponse()
                .topics(byName.entrySet().stream()
                        .map(topic -> topic.getValue().size() > 1
                                ? TopicCreations.failed(topic.getKey(), twice(topic.getKey()))
                                : creations.create(topic.getValue().get(0), request.validateOnly()))
                        .toList()));
    }

    private static CreateTopicsResponse createFailure(CreateTopicsRequest request, short version, ErrorCode error) {
        return new CreateTopicsResponse()
                .topics(request.topics().stream().map(topic -> TopicCreations.failed(topic.name(), Problem.of(error))).toList());
    }

    private static Problem twice(String name) {
        return new Problem(ErrorCode.INVALID_REQUEST, "The topic '" + name + "' is named twice");
    }

    // ---- DeleteTopics

    private void delete(Exchange<DeleteTopicsRequest, DeleteTopicsResponse> exchange) {
        Set<String> repeated = new HashSet<>();
        Set<String> seen = new HashSet<>();
        exchange.request().topics().forEach(topic -> {
            if (topic.name() != null && !seen.add(topic.name())) {
                repeated.add(topic.name());
            }
        });
        exchange.reply(eachOf(exchange.request(), exchange.version(), topic -> repeated.contains(topic.name())
                ? result(topic, twice(String.valueOf(topic.name())))
                : delete(topic)));
    }

    private DeletableTopicResult delete(DeleteTopicState asked) {
        String name = asked.name();
        if ((name == null) == asked.topicId().equals(Uuid.ZERO)) {
            return result(asked, new Problem(ErrorCode.INVALID_REQUEST, "A topic goes by its name or by its id, and not by both"));
        }
        FakeTopic topic = name == null ? cluster.topics().find(asked.topicId()) : cluster.topics().find(name);
        if (topic == null) {
            return result(asked, Problem.of(name == null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        cluster.topics().delete(topic);
        return new DeletableTopicResult().name(topic.name()).topicId(topic.id());
    }

    private static DeleteTopicsResponse deleteFailure(DeleteTopicsRequest request, short version, ErrorCode error) {
        return eachOf(request, version, topic -> result(topic, Problem.of(error)));
    }

    private static DeletableTopicResult result(DeleteTopicState asked, Problem problem) {
        return new DeletableTopicResult()
                .name(asked.name())
                .topicId(asked.topicId())
                .errorCode(problem.error().code())
                .errorMessage(problem.message());
    }

    private static DeleteTopicsResponse eachOf(DeleteTopicsRequest request, short version, Function<DeleteTopicState, DeletableTopicResult> outcome) {
        List<DeleteTopicState> topics = version >= FIRST_DELETE_WITH_IDS
                ? request.topics()
                : request.topicNames().stream().map(name -> new DeleteTopicState().name(name)).toList();
        return new DeleteTopicsResponse().responses(topics.stream().distinct().map(outcome).toList());
    }
}
