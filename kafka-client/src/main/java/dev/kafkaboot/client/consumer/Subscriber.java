package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.cluster.ClusterSnapshot;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gets partitions of the topics that are subscribed to: from a group, or, where there is none, all of them. On the loop. */
interface Subscriber {

    /**
     * Changes what is subscribed to. Whatever failed before is tried anew.
     *
     * @param pattern what the coordinator is to find besides the topics, or null
     */
    void subscribe(Set<String> topics, @Nullable SubscriptionPattern pattern);

    /** The pattern that the consumer follows matches other topics now; nothing if nothing is subscribed to any more. */
    void topicsChanged(Set<String> topics);

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

    /** Ends at once, whatever is under way: the consumer's close has used up its limit. */
    void abandon();
}
