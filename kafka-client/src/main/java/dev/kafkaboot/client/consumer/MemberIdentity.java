package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Who the consumer is in its group. On the loop, but for {@link #metadata}. */
final class MemberIdentity {

    private final String groupId;
    private final @Nullable String instanceId;
    private String memberId = "";
    private int generation = -1;
    private volatile ConsumerGroupMetadata metadata;
    private volatile ConsumerGroupMetadata lastMember;

    /**
     * Nobody.
     *
     * @param instanceId the static member's id, or null
     */
    MemberIdentity(String groupId, @Nullable String instanceId) {
        this.groupId = groupId;
        this.instanceId = instanceId;
        this.metadata = new ConsumerGroupMetadata(groupId, -1, "", instanceId);
        this.lastMember = metadata;
    }

    /** The id that the coordinator has given, or empty. It may be known before this is a member, and when it is none any more. */
    String memberId() {
        return memberId;
    }

    /** The generation, or -1 if this is not a member. */
    int generation() {
        return generation;
    }

    boolean isMember() {
        return generation >= 0;
    }

    /** What others are told: an id only while this is a member. Any thread. */
    ConsumerGroupMetadata metadata() {
        return metadata;
    }

    /**
     * Who this is, or was when it was last a member: on whose behalf a producer commits. One that is no member any more must not be taken for somebody who needs
     * no membership, whose commits the coordinator accepts unasked. Any thread.
     */
    ConsumerGroupMetadata lastMember() {
        return lastMember;
    }

    /** The coordinator has given an id, with which this may become a member. */
    void invited(String id) {
        become(id, -1);
    }

    /** This is a member now. */
    void joined(String id, int newGeneration) {
        become(id, newGeneration);
        lastMember = metadata;
    }

    /** The coordinator does not know this member any more, or not in this generation; then it knows its id still. */
    void dropped(ErrorCode error) {
        become(error == ErrorCode.ILLEGAL_GENERATION ? memberId : "", -1);
    }

    /** This is nobody any more; answers the id that it had. */
    String end() {
        String id = memberId;
        become("", -1);
        return id;
    }

    private void become(String id, int newGeneration) {
        memberId = id;
        generation = newGeneration;
        metadata = new ConsumerGroupMetadata(groupId, generation, generation < 0 ? "" : memberId, instanceId);
    }
}
