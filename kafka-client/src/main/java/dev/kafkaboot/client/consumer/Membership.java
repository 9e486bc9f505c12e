package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ConsumerGroupMetadata;

/** A consumer's membership in its group, by whichever protocol. On the loop, but for what says otherwise. */
interface Membership extends Subscriber, OffsetCommits.Committer {

    /** Whether it is the coordinator that distributes, and knows members by their epochs (KIP-848). */
    boolean isAssignedToByCoordinator();

    /** Who the consumer is now; nobody if it is not a member. Any thread. */
    @Override
    ConsumerGroupMetadata identity();

    /** Who the consumer is, or was when it was last a member. Any thread. */
    ConsumerGroupMetadata lastMember();

    /** Lets the group rebalance, if that is for its members to say. */
    void enforceRebalance(String reason);
}
