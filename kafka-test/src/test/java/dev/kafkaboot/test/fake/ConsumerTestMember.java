package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest.TopicPartitions;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A well-behaved member of a consumer group: it lets go when it is told to, and says so with its next heartbeat. */
final class ConsumerTestMember {

    static final int REBALANCE_MILLIS = 30_000;

    private final FakeKafka cluster;
    private final String groupId;
    private final String memberId;
    private TestClient client;
    private @Nullable String instanceId;
    private @Nullable String assignor;
    private @Nullable String regex;
    private List<String> topics = List.of("orders");
    private int epoch;
    private final TreeSet<String> owned = new TreeSet<>();

    ConsumerTestMember(FakeKafka cluster, String groupId, String memberId) {
        this.cluster = cluster;
        this.groupId = groupId;
        this.memberId = memberId;
        this.client = TestClient.ofCoordinator(cluster, groupId, "client");
    }

    ConsumerTestMember instance(String id) {
        instanceId = id;
        return this;
    }

    ConsumerTestMember assignor(String name) {
        assignor = name;
        return this;
    }

    ConsumerTestMember topics(String... names) {
        topics = List.of(names);
        return this;
    }

    ConsumerTestMember regex(String expression) {
        regex = expression;
        topics = List.of();
        return this;
    }

    ConsumerTestMember via(TestClient other) {
        client = other;
        return this;
    }

    ConsumerTestMember epoch(int number) {
        epoch = number;
        return this;
    }

    int epoch() {
        return epoch;
    }

    TestClient client() {
        return client;
    }

    /** What it has, as {@code topic-partition}. */
    NavigableSet<String> owned() {
        return new TreeSet<>(owned);
    }

    ConsumerGroupHeartbeatRequest joinRequest() {
        return new ConsumerGroupHeartbeatRequest()
                .groupId(groupId)
                .memberId(memberId)
                .memberEpoch(0)
                .instanceId(instanceId)
                .rebalanceTimeoutMs(REBALANCE_MILLIS)
                .subscribedTopicNames(topics)
                .subscribedTopicRegex(regex)
                .serverAssignor(assignor)
                .topicPartitions(List.of());
    }

    ConsumerGroupHeartbeatRequest heartbeatRequest() {
        return new ConsumerGroupHeartbeatRequest()
                .groupId(groupId)
                .memberId(memberId)
                .memberEpoch(epoch)
                .instanceId(instanceId)
                .topicPartitions(ownedByTopic());
    }

    ConsumerTestMember join() {
        owned.clear();
        accept(client.ask(joinRequest()));
        return this;
    }

    /** Sends heartbeats until two in a row bring nothing new. */
    ConsumerTestMember settle() {
        for (int quiet = 0; quiet < 2; ) {
            quiet = heartbeat() ? 0 : quiet + 1;
        }
        return this;
    }

    /** Sends a heartbeat, takes over what it brings, and tells whether that is something new. */
    boolean heartbeat() {
        ConsumerGroupHeartbeatResponse response = client.ask(heartbeatRequest());
        boolean isNew = response.memberEpoch() != epoch || response.assignment() != null;
        accept(response);
        return isNew;
    }

    /** Reads other topics from now on. */
    void resubscribe(String... names) {
        accept(client.ask(heartbeatRequest().subscribedTopicNames(List.of(names))));
    }

    /** The error that a heartbeat brings. */
    ErrorCode heartbeatError() {
        return ErrorCode.forCode(client.ask(heartbeatRequest()).errorCode());
    }

    ErrorCode leave(int with) {
        return ErrorCode.forCode(client.ask(heartbeatRequest().memberEpoch(with)).errorCode());
    }

    private void accept(ConsumerGroupHeartbeatResponse response) {
        assertThat(ErrorCode.forCode(response.errorCode())).isEqualTo(ErrorCode.NONE);
        epoch = response.memberEpoch();
        ConsumerGroupHeartbeatResponse.Assignment assignment = response.assignment();
        if (assignment != null) {
            owned.clear();
            assignment.topicPartitions()
                    .forEach(topic -> topic.partitions().forEach(partition -> owned.add(nameOf(topic.topicId()) + "-" + partition)));
        }
    }

    private String nameOf(Uuid topicId) {
        return Objects.requireNonNull(cluster.topics().find(topicId)).name();
    }

    private List<TopicPartitions> ownedByTopic() {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        for (String partition : owned) {
            int dash = partition.lastIndexOf('-');
            byTopic.computeIfAbsent(partition.substring(0, dash), name -> new ArrayList<>()).add(Integer.valueOf(partition.substring(dash + 1)));
        }
        List<TopicPartitions> topicPartitions = new ArrayList<>();
        byTopic.forEach((name, partitions) -> {
            FakeTopic topic = cluster.topics().find(name);
            if (topic != null) {
                topicPartitions.add(new TopicPartitions().topicId(topic.id()).partitions(partitions));
            }
        });
        return topicPartitions;
    }
}
