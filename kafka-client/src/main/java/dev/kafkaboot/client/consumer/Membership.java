package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A consumer's membership in its group, by whichever protocol. On the loop, but for what says otherwise. */
interface Membership extends OffsetCommits.Committer {

    /** Who the consumer is now; nobody if it is not a member. Any thread. */
    @Override
    ConsumerGroupMetadata identity();

    /** Who the consumer is, or was when it was last a member. Any thread. */
    ConsumerGroupMetadata lastMember();

    /** Changes what is subscribed to. Whatever failed before is tried anew. */
    void subscribe(Set<String> topics);

    /** The application polls: a member that is not one joins. */
    void polled();

    /** More is known of the topics. */
    void metadataChanged(ClusterSnapshot cluster);

    /**
     * Gives everything up and leaves.
     *
     * @param finishWithin how long threads may take to finish what they were given
     * @param commitWithin how long the commit of that may take
     * @param forGood whether this is the end
     */
    CompletableFuture<Void> leave(String reason, Duration finishWithin, Duration commitWithin, boolean forGood);
}
