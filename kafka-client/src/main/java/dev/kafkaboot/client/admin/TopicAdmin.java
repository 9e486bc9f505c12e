package dev.kafkaboot.client.admin;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.CreateTopicsRequest;
import dev.kafkaboot.protocol.message.CreateTopicsResponse;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes, lists, describes and deletes topics. Immutable, and safe from any thread; see {@link KafkaAdminClient} for how futures behave.
 *
 * <p>An operation on several topics that fails for some of them fails with a {@link TopicsException}, which tells which and why. What passes, such as
 * NOT_CONTROLLER, is tried again for the topics that it concerns.
 */
public final class TopicAdmin {

    private final AdminCalls calls;
    private final Duration limit;

    TopicAdmin(AdminCalls calls) {
        this(calls, calls.apiTimeout());
    }

    private TopicAdmin(AdminCalls calls, Duration limit) {
        this.calls = calls;
        this.limit = limit;
    }

    /** The same with another limit for each operation. */
    public TopicAdmin within(Duration operationLimit) {
        return new TopicAdmin(calls, operationLimit);
    }

    /** Makes topics; see {@link #create(Collection)}. */
    public CompletableFuture<Map<String, CreatedTopic>> create(NewTopic... topics) {
        return create(Arrays.asList(topics));
    }

    /**
     * Makes topics and tells what was made, by name. A topic that is there already fails with {@link ErrorCode#TOPIC_ALREADY_EXISTS}. If it is found there
     * after an attempt of this call whose answer was lost, it counts as made by that, and nothing but its name is told.
     *
     * <p>The controller has made them when the future completes; brokers hear of it a moment later, so one may still say that it knows no such topic.
     */
    public CompletableFuture<Map<String, CreatedTopic>> create(Collection<NewTopic> topics) {
        return create(topics, /* validateOnly= */ false);
    }

    /** Tells what {@link #create(Collection)} would make or why it would not, and makes nothing. */
    public CompletableFuture<Map<String, CreatedTopic>> validate(Collection<NewTopic> topics) {
        return create(topics, /* validateOnly= */ true);
    }

    private CompletableFuture<Map<String, CreatedTopic>> create(Collection<NewTopic> topics, boolean validateOnly) {
        Map<String, NewTopic> byName = new LinkedHashMap<>();
        for (NewTopic topic : topics) {
            if (byName.put(topic.name(), topic) != null) {
                return CompletableFuture.failedFuture(new KafkaException("Topic '" + topic.name() + "' is given more than once"));
            }
        }
        if (byName.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        TopicBatch<CreatedTopic> batch = new TopicBatch<>(
                ApiKey.CREATE_TOPICS, byName.keySet(), validateOnly ? List.of() : List.of(ErrorCode.TOPIC_ALREADY_EXISTS));
        return calls.run(ApiKey.CREATE_TOPICS, "make the topics " + names(byName.keySet()), limit, options -> {
            CreateTopicsRequest request = new CreateTopicsRequest()
                    .topics(batch.pending().stream().map(name -> creatable(byName.get(name))).toList())
                    .timeoutMs(AdminCalls.brokersMillis(options))
                    .validateOnly(validateOnly);
            return batch.watch(calls.connections().dispatchFrameToController(ApiKey.CREATE_TOPICS, version -> request, options)).thenCompose(frame -> {
                for (CreateTopicsResponse.CreatableTopicResult result : frame.response().topics()) {
                    batch.answered(result.name(), result.errorCode(), result.errorMessage(), frame.broker(), () -> created(result));
                }
                frame.release();
                return batch.outcome();
            });
        }, batch::givenUp);
    }

    private static String names(Collection<String> names) {
        return names.stream().sorted().collect(Collectors.joining(", "));
    }

    private static CreateTopicsRequest.CreatableTopic creatable(@Nullable NewTopic topic) {
        if (topic == null) {
            throw new IllegalStateException("A topic was asked for that was not given");
        }
        List<CreateTopicsRequest.CreatableReplicaAssignment> assignments = new ArrayList<>();
        new TreeMap<>(topic.replicas()).forEach((partition, brokers) -> assignments.add(
                new CreateTopicsRequest.CreatableReplicaAssignment().partitionIndex(partition).brokerIds(brokers)));
        return new CreateTopicsRequest.CreatableTopic()
                .name(topic.name())
                .numPartitions(topic.partitions())
                .replicationFactor((short) topic.replicationFactor())
                .assignments(assignments)
                .configs(topic.configs().entrySet().stream()
                        .map(config -> new CreateTopicsRequest.CreatableTopicConfig().name(config.getKey()).value(config.getValue()))
                        .toList());
    }

    private static CreatedTopic created(CreateTopicsResponse.CreatableTopicResult result) {
        Map<String, @Nullable String> configs = new TreeMap<>();
        List<CreateTopicsResponse.CreatableTopicConfigs> told = result.configs();
        if (told != null) {
            told.forEach(config -> configs.put(config.name(), config.value()));
        }
        return new CreatedTopic(result.name(), result.topicId(), result.numPartitions(), result.replicationFactor(), configs);
    }

    /** All topics that the user may see, internal ones included, in the order of their names. */
    public CompletableFuture<List<TopicListing>> list() {
        return calls.run(ApiKey.METADATA, "list topics", limit, options -> {
            MetadataRequest request = new MetadataRequest().topics(null).allowAutoTopicCreation(false);
            return calls.connections().dispatchToAny(request, options).thenApply(response -> {
                ErrorCode error = ErrorCode.forCode(response.errorCode());
                if (error != ErrorCode.NONE) { // version 13 and later: no list, which is not a list of nothing
                    throw new BrokerException("the list of topics", error, ApiKey.METADATA, null, null);
                }
                return response.topics().stream()
                        .filter(topic -> topic.errorCode() == ErrorCode.NONE.code() && topic.name() != null)
                        .map(topic -> new TopicListing(String.valueOf(topic.name()), topic.topicId(), topic.isInternal()))
                        .sorted(Comparator.comparing(TopicListing::name))
                        .toList();
            });
        });
    }

    /** Describes topics, by name. One that is not there fails with {@link ErrorCode#UNKNOWN_TOPIC_OR_PARTITION}. */
    public CompletableFuture<Map<String, TopicDescription>> describe(Collection<String> names) {
        if (names.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        TopicBatch<TopicDescription> batch = new TopicBatch<>(ApiKey.METADATA, names, List.of());
        return calls.run(ApiKey.METADATA, "describe the topics " + names(names), limit, options -> {
            MetadataRequest request = new MetadataRequest()
                    .topics(batch.pending().stream().map(name -> new MetadataRequest.MetadataRequestTopic().name(name)).toList())
                    .allowAutoTopicCreation(false);
            return calls.connections().dispatchToAny(request, options).thenCompose(response -> {
                TopicDescriptions descriptions = new TopicDescriptions(response);
                for (MetadataResponse.MetadataResponseTopic topic : response.topics()) {
                    descriptions.tell(topic, batch);
                }
                return batch.outcome();
            });
        }, batch::givenUp);
    }

    /** Deletes topics, with all that is in them. */
    public CompletableFuture<Void> delete(String... names) {
        return delete(Arrays.asList(names));
    }

    /**
     * Deletes topics, with all that is in them. One that is not there fails with {@link ErrorCode#UNKNOWN_TOPIC_OR_PARTITION}. If it is gone after an attempt
     * of this call whose answer was lost, it counts as deleted by that; another one that was made of that name meanwhile is left alone (from 2.8 on). One that
     * was not found before an attempt whose answer was lost fails: nobody knows whether it was deleted.
     */
    public CompletableFuture<Void> delete(Collection<String> names) {
        if (names.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        TopicDeletion deletion = new TopicDeletion(calls.connections(), names);
        return calls.run(ApiKey.DELETE_TOPICS, "delete the topics " + names(names), limit, deletion::attempt, deletion.batch()::givenUp)
                .thenApply(done -> null);
    }
}
