package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.FindCoordinatorRequest;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import dev.kafkaboot.protocol.message.ListOffsetsRequest;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsTopic;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataRequest.MetadataRequestTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchResponse;
import dev.kafkaboot.test.TestKafka;
import dev.kafkaboot.test.fake.TestBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** One of the two clusters, while a scenario is played to it. */
final class Side implements AutoCloseable {

    /** The id of a topic that does not exist. */
    static final Uuid NOWHERE = new Uuid(9, 9);

    private static final long LATEST = -1;
    private static final byte GROUP_RESOURCE = 32;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final AtomicInteger CHANGES = new AtomicInteger();

    private final TestKafka kafka;
    private final String scenario;
    private final Wire wire;
    private final Transcript transcript = new Transcript();
    private final Fields fields = new Fields(transcript);
    private final List<Wire> others = new ArrayList<>();
    private final Map<String, Uuid> topics = new HashMap<>();

    Side(TestKafka kafka, String scenario) throws IOException {
        this.kafka = kafka;
        this.scenario = scenario;
        wire = new Wire(kafka.bootstrapServers());
    }

    Transcript transcript() {
        return transcript;
    }

    /** A name that no other scenario uses. */
    String named(String name) {
        return scenario + "-" + name;
    }

    String topic(String name) throws IOException {
        return topic(name, Map.of());
    }

    /** Creates a topic of one partition. */
    String topic(String name, Map<String, String> configs) throws IOException {
        return topic(name, 1, configs);
    }

    String topic(String name, int partitions, Map<String, String> configs) throws IOException {
        String topic = named(name);
        kafka.createTopic(topic, partitions, 1, configs);
        topics.put(topic, idFromMetadata(topic));
        awaitChange();
        return topic;
    }

    /**
     * Waits until every part of a real broker knows what was visible before. A broker tells its parts of each change one after the other, the metadata that it answers with
     * first and its coordinators last; so when a later change can be seen, all of them know the earlier one.
     */
    private void awaitChange() throws IOException {
        String later = "later-" + CHANGES.incrementAndGet();
        kafka.createTopic(later, 1, 1, Map.of());
        askUntil(new MetadataRequest().topics(List.of(new MetadataRequestTopic().name(later))).allowAutoTopicCreation(false), 12,
                answer -> answer.topics().get(0).errorCode() == 0);
    }

    Uuid idOf(String topic) {
        return topics.getOrDefault(topic, NOWHERE);
    }

    /** A batch that is as old as it should be: brokers refuse times that are far from their own. */
    static TestBatch batch(String... values) {
        return TestBatch.of(values).at(System.currentTimeMillis());
    }

    /** Asks, and notes all that is answered. */
    <R extends ResponseMessage> R tell(String step, RequestMessage<R> request, int version) throws IOException {
        R answer = ask(request, version);
        tell(step, version, answer);
        return answer;
    }

    /** Notes an answer, field by field. */
    void tell(String step, int version, ResponseMessage answer) {
        transcript.note(step + " v" + version, fields.of(answer));
    }

    /** Another connection, as a broker answers the requests of one after one another. */
    Wire connect() throws IOException {
        Wire other = new Wire(kafka.bootstrapServers());
        others.add(other);
        return other;
    }

    <R extends ResponseMessage> R ask(RequestMessage<R> request, int version) throws IOException {
        return wire.ask(request, version);
    }

    /**
     * Asks again and again while the answer is one that a broker may give before it is ready: a real one does some of its work after it has answered the request
     * that caused it.
     */
    <R extends ResponseMessage> R askUntil(RequestMessage<R> request, int version, Predicate<R> ready) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        R answer = ask(request, version);
        while (!ready.test(answer)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still " + answer + " to " + request + " after " + PATIENCE);
            }
            answer = ask(request, version);
        }
        return answer;
    }

    /**
     * As {@link #askUntil}, until the error is about the request and not about the coordinator's state. Of a transaction that is not ready, Produce says that there
     * are not enough replicas, as old clients know that error.
     */
    <R extends ResponseMessage> R askWhenIdle(RequestMessage<R> request, int version, ToIntFunction<R> errorCode) throws IOException {
        return askUntil(request, version, answer -> switch (ErrorCode.forCode((short) errorCode.applyAsInt(answer))) {
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, CONCURRENT_TRANSACTIONS, NOT_ENOUGH_REPLICAS -> false;
            default -> true;
        });
    }

    /** Waits until a partition ends at an offset: the marker that ends a transaction is written after that was answered. */
    void awaitEnd(String topic, int partition, long offset) throws IOException {
        askUntil(new ListOffsetsRequest().replicaId(-1).topics(List.of(new ListOffsetsTopic().name(topic).partitions(List.of(
                        new ListOffsetsPartition().partitionIndex(partition).currentLeaderEpoch(-1).timestamp(LATEST))))), 7,
                answer -> answer.topics().get(0).partitions().get(0).offset() >= offset);
    }

    /** Waits until there is a coordinator for the key, which creates the brokers' own topic if nobody has asked before. */
    void awaitCoordinator(CoordinatorKind kind, String key) throws IOException {
        askUntil(new FindCoordinatorRequest().keyType(kind.keyType()).coordinatorKeys(List.of(key)), 4,
                answer -> answer.coordinators().get(0).errorCode() == 0);
    }

    /** A group of a name of its own, whose coordinator is ready. */
    String group(String name) throws IOException {
        String group = named(name);
        awaitCoordinator(CoordinatorKind.GROUP, group);
        askWhenIdle(new OffsetFetchRequest().groupId(group).topics(null), 5, OffsetFetchResponse::errorCode);
        return group;
    }

    /** Sets what holds for a group. */
    void groupConfig(String group, String key, String value) throws IOException {
        var config = new AlterableConfig().name(key).value(value);
        tell("set " + key, new IncrementalAlterConfigsRequest().resources(List.of(
                new AlterConfigsResource().resourceType(GROUP_RESOURCE).resourceName(group).configs(List.of(config)))), 1);
        awaitChange(); // it is visible with this one at the latest
        awaitChange();
    }

    /** Whether the broker ends the connection of this request, which has no answer. */
    boolean ends(RequestMessage<?> request, int version) throws IOException {
        try (Wire own = new Wire(kafka.bootstrapServers())) {
            own.send(request, version);
            return !own.isAlive();
        }
    }

    private Uuid idFromMetadata(String topic) throws IOException {
        MetadataRequest question =
                new MetadataRequest().topics(List.of(new MetadataRequestTopic().name(topic))).allowAutoTopicCreation(false);
        return ask(question, 12).topics().get(0).topicId();
    }

    @Override
    public void close() throws IOException {
        wire.close();
        for (Wire other : others) {
            other.close();
        }
    }
}
