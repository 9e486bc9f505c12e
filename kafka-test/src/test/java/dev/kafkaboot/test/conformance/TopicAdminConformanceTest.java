package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import dev.kafkaboot.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import dev.kafkaboot.protocol.message.CreateTopicsRequest;
import dev.kafkaboot.protocol.message.CreateTopicsRequest.CreatableReplicaAssignment;
import dev.kafkaboot.protocol.message.CreateTopicsRequest.CreatableTopic;
import dev.kafkaboot.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import dev.kafkaboot.protocol.message.CreateTopicsResponse;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest;
import dev.kafkaboot.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import dev.kafkaboot.protocol.message.DeleteTopicsResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Topics that are created, made to grow and deleted. */
class TopicAdminConformanceTest extends ConformanceTest {

    private static final int CREATE = 7;
    private static final int GROW = 3;
    private static final int DELETE = 6;

    private static CreatableTopic topic(String name, int partitions, int replicas) {
        return new CreatableTopic().name(name).numPartitions(partitions).replicationFactor((short) replicas);
    }

    private static CreatableTopic assigned(String name, List<CreatableReplicaAssignment> partitions) {
        return topic(name, -1, -1).assignments(partitions);
    }

    private static CreatableReplicaAssignment on(int partition, Integer... brokers) {
        return new CreatableReplicaAssignment().partitionIndex(partition).brokerIds(List.of(brokers));
    }

    /** Creates, and notes all but the whole configuration, of which each release has its own. */
    private static void create(Side side, String step, int version, CreatableTopic... topics) throws IOException {
        create(side, step, version, new CreateTopicsRequest().topics(List.of(topics)));
    }

    private static void create(Side side, String step, int version, CreateTopicsRequest request) throws IOException {
        CreateTopicsResponse answer = side.ask(request.timeoutMs(10_000), version);
        answer.topics().forEach(topic -> topic.configs(topic.configs() == null ? null : topic.configs().stream()
                .filter(config -> List.of("cleanup.policy", "retention.ms", "max.message.bytes").contains(config.name()))
                .toList()));
        side.tell(step, version, answer);
    }

    @Test
    void everyVersionCreates() throws IOException {
        assertAlike(side -> {
            for (int version = 2; version <= CREATE; version++) {
                String name = side.named("orders" + version);
                CreatableTopic topic = topic(name, 2, 1).configs(
                        List.of(new CreatableTopicConfig().name("retention.ms").value("60000")));
                create(side, "only looked at", version, new CreateTopicsRequest().topics(List.of(topic)).validateOnly(true));
                create(side, "created", version, topic);
                create(side, "again", version, topic);
            }
            for (int version = 4; version <= CREATE; version++) {
                create(side, "defaults", version, topic(side.named("bills" + version), -1, -1));
            }
        });
    }

    @Test
    void wrongTopicsAreNotCreated() throws IOException {
        assertAlike(side -> {
            for (String name : new String[] {"", ".", "..", "a b", "a/b", "x".repeat(250)}) {
                create(side, "name '" + name + "'", CREATE, topic(name, 1, 1));
            }
            String name = side.named("orders");
            for (int partitions : new int[] {0, -2}) {
                create(side, partitions + " partitions", CREATE, topic(name, partitions, 1));
            }
            for (int replicas : new int[] {0, -2, 2, 9}) {
                create(side, replicas + " replicas", CREATE, topic(name, 1, replicas));
            }
            create(side, "twice", CREATE, topic(name, 1, 1), topic(name, 2, 1));
            create(side, "unknown setting", CREATE, topic(name, 1, 1).configs(List.of(new CreatableTopicConfig().name("colour").value("red"))));
            for (String value : new String[] {"soon", "-2", null}) {
                create(side, "retention " + value, CREATE,
                        topic(name, 1, 1).configs(List.of(new CreatableTopicConfig().name("retention.ms").value(value))));
            }
            create(side, "cleanup", CREATE, topic(name, 1, 1).configs(List.of(new CreatableTopicConfig().name("cleanup.policy").value("burn"))));
            create(side, "good and bad", CREATE, topic(name, 1, 1), topic(side.named("bills"), 0, 1));
            create(side, "collides", CREATE, topic(name.replace('-', '.') + "_a", 1, 1));
            create(side, "collides with that", CREATE, topic(name.replace('-', '.') + ".a", 1, 1));
        });
    }

    @Test
    void replicasAreAssigned() throws IOException {
        assertAlike(side -> {
            String name = side.named("orders");
            create(side, "unknown broker", CREATE, assigned(name, List.of(on(0, 7))));
            create(side, "no broker", CREATE, assigned(name, List.of(on(0))));
            create(side, "a broker twice", CREATE, assigned(name, List.of(on(0, 1, 1))));
            create(side, "gap", CREATE, assigned(name, List.of(on(0, 1), on(2, 1))));
            create(side, "not from zero", CREATE, assigned(name, List.of(on(1, 1))));
            create(side, "partition twice", CREATE, assigned(name, List.of(on(0, 1), on(0, 1))));
            create(side, "different numbers", CREATE, assigned(name, List.of(on(0, 1), on(1, 1, 2))));
            create(side, "with a number of partitions", CREATE, topic(name, 2, -1).assignments(List.of(on(0, 1), on(1, 1))));
            create(side, "with a number of replicas", CREATE, topic(name, -1, 1).assignments(List.of(on(0, 1))));
            create(side, "good", CREATE, assigned(name, List.of(on(1, 1), on(0, 1))));
        });
    }

    @Test
    void topicsGrow() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            for (int version = 0; version <= GROW; version++) {
                int more = version + 2;
                side.tell("only looked at", grow(new CreatePartitionsTopic().name(topic).count(more).assignments(null)).validateOnly(true), version);
                side.tell("grown", grow(new CreatePartitionsTopic().name(topic).count(more).assignments(null)), version);
                side.tell("same", grow(new CreatePartitionsTopic().name(topic).count(more).assignments(null)), version);
                side.tell("fewer", grow(new CreatePartitionsTopic().name(topic).count(1).assignments(null)), version);
            }
            side.tell("none", grow(new CreatePartitionsTopic().name(topic).count(0).assignments(null)), GROW);
            side.tell("unknown", grow(new CreatePartitionsTopic().name(side.named("nowhere")).count(3).assignments(null)), GROW);
            side.tell("twice", grow(new CreatePartitionsTopic().name(topic).count(9).assignments(null), new CreatePartitionsTopic().name(topic).count(10).assignments(null)), GROW);
            CreatePartitionsAssignment here = new CreatePartitionsAssignment().brokerIds(List.of(1));
            CreatePartitionsAssignment nowhere = new CreatePartitionsAssignment().brokerIds(List.of(7));
            CreatePartitionsAssignment nobody = new CreatePartitionsAssignment().brokerIds(List.of());
            side.tell("nothing assigned", grow(new CreatePartitionsTopic().name(topic).count(6)), GROW);
            side.tell("too few assigned", grow(new CreatePartitionsTopic().name(topic).count(7).assignments(List.of(here))), GROW);
            side.tell("too many assigned", grow(new CreatePartitionsTopic().name(topic).count(6).assignments(List.of(here, here))), GROW);
            side.tell("unknown broker", grow(new CreatePartitionsTopic().name(topic).count(6).assignments(List.of(nowhere))), GROW);
            side.tell("no broker", grow(new CreatePartitionsTopic().name(topic).count(6).assignments(List.of(nobody))), GROW);
            side.tell("assigned", grow(new CreatePartitionsTopic().name(topic).count(6).assignments(List.of(here))), GROW);
        });
    }

    private static CreatePartitionsRequest grow(CreatePartitionsTopic... topics) {
        return new CreatePartitionsRequest().topics(List.of(topics)).timeoutMs(10_000);
    }

    @Test
    void topicsAreDeletedByNameAndById() throws IOException {
        assertAlike(side -> {
            for (int version = 1; version <= DELETE; version++) {
                String topic = side.topic("orders" + version);
                List<String> names = new ArrayList<>(List.of(side.named("nowhere"), topic));
                DeleteTopicsRequest request = new DeleteTopicsRequest().timeoutMs(10_000);
                DeleteTopicsResponse answer = side.ask(version < DELETE ? request.topicNames(names) : request.topics(
                        names.stream().map(name -> new DeleteTopicState().name(name)).toList()), version);
                side.tell("by name", version, answer.responses(answer.responses().stream()
                        .sorted(Comparator.comparing(result -> String.valueOf(result.name())))
                        .toList()));
            }
            String topic = side.topic("bills");
            side.tell("both", delete(new DeleteTopicState().name(topic).topicId(side.idOf(topic))), DELETE);
            side.tell("neither", delete(new DeleteTopicState().name(null)), DELETE);
            side.tell("unknown id", delete(new DeleteTopicState().name(null).topicId(new Uuid(4, 4))), DELETE);
            side.tell("twice", delete(new DeleteTopicState().name(topic), new DeleteTopicState().name(topic)), DELETE);
            side.tell("by id", delete(new DeleteTopicState().name(null).topicId(side.idOf(topic))), DELETE);
            side.tell("again", delete(new DeleteTopicState().name(null).topicId(side.idOf(topic))), DELETE);
            side.tell("nothing", delete(), DELETE);
        });
    }

    private static DeleteTopicsRequest delete(DeleteTopicState... topics) {
        return new DeleteTopicsRequest().topics(List.of(topics)).timeoutMs(10_000);
    }
}
