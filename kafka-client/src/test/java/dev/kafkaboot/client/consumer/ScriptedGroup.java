package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.HeartbeatResponse;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.JoinGroupResponse.JoinGroupResponseMember;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import dev.kafkaboot.protocol.message.LeaveGroupResponse;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitResponse;
import dev.kafkaboot.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import dev.kafkaboot.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import dev.kafkaboot.protocol.message.OffsetFetchRequest;
import dev.kafkaboot.protocol.message.OffsetFetchResponse;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import dev.kafkaboot.protocol.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The group of {@link ScriptedBrokers}, with one member at a time: a second one takes the first one's place. Thread-safe. */
final class ScriptedGroup {

    private final Map<TopicPartition, Long> committed = new TreeMap<>();
    private final List<String> history = new ArrayList<>();
    private @Nullable String member;
    private int members;
    private int generation;
    private @Nullable List<TopicPartition> assignment;

    /** What the members get from now on, whatever their leader says. */
    synchronized void assign(TopicPartition... partitions) {
        assignment = List.of(partitions);
    }

    synchronized void committed(int partition, long offset) {
        committed.put(new TopicPartition(ScriptedBrokers.TOPIC, partition), offset);
    }

    /** What is committed of a partition of {@link ScriptedBrokers#TOPIC}, or null. */
    synchronized @Nullable Long committed(int partition) {
        return committed.get(new TopicPartition(ScriptedBrokers.TOPIC, partition));
    }

    /** Every offset that was accepted, as {@code partition=offset}, in order. */
    synchronized List<String> history() {
        return List.copyOf(history);
    }

    synchronized int generation() {
        return generation;
    }

    /** The member there is, or null. */
    synchronized @Nullable String member() {
        return member;
    }

    /** Forgets its member, as a coordinator does when a session ends. */
    synchronized void forgetMember() {
        member = null;
    }

    synchronized JoinGroupResponse join(JoinGroupRequest request) {
        if (request.memberId().isEmpty()) {
            return new JoinGroupResponse().errorCode(ErrorCode.MEMBER_ID_REQUIRED.code()).memberId("member-" + ++members);
        }
        member = request.memberId();
        generation++;
        JoinGroupResponseMember self = new JoinGroupResponseMember().memberId(request.memberId()).metadata(request.protocols().get(0).metadata());
        return new JoinGroupResponse().generationId(generation).protocolType("consumer").protocolName(request.protocols().get(0).name())
                .leader(request.memberId()).memberId(request.memberId()).members(List.of(self));
    }

    synchronized SyncGroupResponse sync(SyncGroupRequest request) {
        ErrorCode error = check(request.memberId(), request.generationId());
        SyncGroupResponse response = new SyncGroupResponse().errorCode(error.code());
        if (error == ErrorCode.NONE) {
            List<TopicPartition> fixed = assignment;
            response.assignment(fixed != null
                    ? ConsumerProtocol.assignment(fixed)
                    : request.assignments().stream().filter(each -> each.memberId().equals(request.memberId())).findFirst().orElseThrow().assignment());
        }
        return response;
    }

    private ErrorCode check(String memberId, int generationId) {
        if (!Objects.equals(member, memberId)) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return generationId == generation ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    }

    synchronized HeartbeatResponse heartbeat(HeartbeatRequest request) {
        return new HeartbeatResponse().errorCode(check(request.memberId(), request.generationId()).code());
    }

    synchronized LeaveGroupResponse leave(LeaveGroupRequest request) {
        request.members().forEach(each -> {
            if (each.memberId().equals(member)) {
                member = null;
            }
        });
        return new LeaveGroupResponse();
    }

    synchronized OffsetFetchResponse fetch(OffsetFetchRequest request) {
        OffsetFetchResponseGroup group = new OffsetFetchResponseGroup().groupId(ScriptedBrokers.GROUP);
        Objects.requireNonNull(request.groups().get(0).topics()).forEach(topic -> {
            OffsetFetchResponseTopics answer = new OffsetFetchResponseTopics().name(topic.name());
            topic.partitionIndexes().forEach(index -> answer.partitions().add(new OffsetFetchResponsePartitions().partitionIndex(index)
                    .committedOffset(committed.getOrDefault(new TopicPartition(topic.name(), index), -1L))));
            group.topics().add(answer);
        });
        return new OffsetFetchResponse().groups(List.of(group));
    }

    synchronized OffsetCommitResponse commit(OffsetCommitRequest request) {
        boolean byMember = request.generationIdOrMemberEpoch() >= 0;
        ErrorCode error = byMember ? check(request.memberId(), request.generationIdOrMemberEpoch()) : ErrorCode.NONE;
        if (error == ErrorCode.NONE) {
            request.topics().forEach(topic -> topic.partitions().forEach(partition -> {
                committed.put(new TopicPartition(topic.name(), partition.partitionIndex()), partition.committedOffset());
                history.add(partition.partitionIndex() + "=" + partition.committedOffset());
            }));
        }
        return answer(request, error);
    }

    /** The same answer for every partition. */
    static OffsetCommitResponse answer(OffsetCommitRequest request, ErrorCode error) {
        OffsetCommitResponse response = new OffsetCommitResponse();
        request.topics().forEach(topic -> {
            OffsetCommitResponseTopic answer = new OffsetCommitResponseTopic().name(topic.name());
            topic.partitions().forEach(partition -> answer.partitions().add(
                    new OffsetCommitResponsePartition().partitionIndex(partition.partitionIndex()).errorCode(error.code())));
            response.topics().add(answer);
        });
        return response;
    }
}
