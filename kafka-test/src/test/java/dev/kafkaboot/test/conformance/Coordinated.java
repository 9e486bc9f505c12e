package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.message.ConsumerGroupDescribeRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member of a group that speaks the newer protocol (KIP-848), and believes in the epoch that it was last given. */
final class Coordinated {

    static final int NEWEST = 1;

    private final Side side;
    private final String group;
    private final String id;
    private int epoch;
    private ConsumerGroupHeartbeatResponse.@Nullable Assignment assignment;
    @Nullable String instance;

    Coordinated(Side side, String group, String id) {
        this.side = side;
        this.group = group;
        this.id = id;
    }

    static void describe(Side side, String step, String group) throws IOException {
        side.tell(step, new ConsumerGroupDescribeRequest().groupIds(List.of(group)), NEWEST);
    }

    /**
     * Waits until the group's coordinator knows a new topic, which it hears of a moment after everybody else: another group of the same coordinator, which is to say
     * of the same of its log's three partitions, is given the topic then.
     */
    static void awaitTopic(Side side, String group, String topic) throws IOException {
        String probe = group;
        do {
            probe += "-probe";
        } while (Math.abs(probe.hashCode() % 3) != Math.abs(group.hashCode() % 3));
        Coordinated member = new Coordinated(side, probe, "probe");
        side.askUntil(member.joinRequest(topic), NEWEST, answer -> answer.assignment() != null && !answer.assignment().topicPartitions().isEmpty());
        side.ask(member.request(-1), NEWEST);
    }

    void join(String step, String... topics) throws IOException {
        tell(step, joinRequest(topics));
    }

    void heartbeat(String step) throws IOException {
        tell(step, request(epoch));
    }

    /** Says which partitions it has. */
    void has(String step, String topic, Integer... partitions) throws IOException {
        tell(step, request(epoch).topicPartitions(List.of(new ConsumerGroupHeartbeatRequest.TopicPartitions()
                .topicId(side.idOf(topic))
                .partitions(List.of(partitions)))));
    }

    void leave(String step) throws IOException {
        side.tell(step, request(-1), NEWEST);
    }

    /** The first partition that it was last given. */
    int first() {
        boolean none = assignment == null || assignment.topicPartitions().isEmpty();
        return none ? 0 : assignment.topicPartitions().get(0).partitions().get(0);
    }

    private void tell(String step, ConsumerGroupHeartbeatRequest request) throws IOException {
        ConsumerGroupHeartbeatResponse answer = side.tell(step, request, NEWEST);
        if (answer.errorCode() == 0) {
            epoch = answer.memberEpoch();
            assignment = answer.assignment() == null ? assignment : answer.assignment();
        }
    }

    private ConsumerGroupHeartbeatRequest joinRequest(String... topics) {
        return request(0).rebalanceTimeoutMs(60_000).subscribedTopicNames(List.of(topics)).topicPartitions(List.of());
    }

    private ConsumerGroupHeartbeatRequest request(int memberEpoch) {
        return new ConsumerGroupHeartbeatRequest().groupId(group).memberId(id).instanceId(instance).memberEpoch(memberEpoch);
    }
}
