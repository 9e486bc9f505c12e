package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.cluster.ClusterMetadata;
import dev.kafkaboot.client.cluster.ClusterSnapshot;
import dev.kafkaboot.client.cluster.TopicFilter;
import dev.kafkaboot.client.cluster.TopicInfo;
import dev.kafkaboot.client.net.Failures;
import dev.kafkaboot.client.net.Registration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is subscribed to equal to the topics that match a pattern. On the loop.
 *
 * <p>The cluster is asked for all of its topics while a pattern is followed, and never else; what does not match is forgotten at once, so a topic that the user
 * may not see costs nothing and hinders nothing. Topics that come are found when metadata is {@code metadata.max.age.ms} old; those that are gone are missed a few
 * times first ({@link ClusterMetadata}), because a broker may lag behind.
 */
final class PatternFollower {

    private static final Logger LOG = LoggerFactory.getLogger(PatternFollower.class);

    /** Hears which topics match. */
    interface Follower {

        /** They are known for the first time since this pattern is followed. */
        void found(Set<String> topics);

        /** They are others now. */
        void changed(Set<String> topics);
    }

    private final ClusterMetadata metadata;
    private final boolean excludesInternal;
    private final Follower follower;
    private @Nullable Followed followed;

    /** Whether the topics are known. */
    private boolean listed;

    private Set<String> topics = Set.of();

    /** A pattern, and how it is kept up with. */
    private record Followed(TopicPattern pattern, TopicFilter filter, Registration watch) {}

    /**
     * Follows nothing.
     *
     * @param excludesInternal whether topics that Kafka made for itself never match
     */
    PatternFollower(ClusterMetadata metadata, boolean excludesInternal, Follower follower) {
        this.metadata = metadata;
        this.excludesInternal = excludesInternal;
        this.follower = follower;
    }

    /** Follows a pattern, and no other any more. */
    void follow(TopicPattern pattern) {
        TopicFilter filter = filter(pattern);
        Followed next = new Followed(pattern, filter, metadata.watch(filter));
        stop();
        followed = next;
        list(next);
    }

    /** Follows nothing any more. */
    void stop() {
        Followed before = followed;
        followed = null;
        listed = false;
        if (before != null) {
            before.watch.remove();
        }
    }

    private TopicFilter filter(TopicPattern pattern) {
        return (name, internal) -> {
            try {
                return !(internal && excludesInternal) && pattern.matches(name);
            } catch (Throwable failure) { // a user's code, asked on the loop: whatever it throws, metadata goes on for everybody
                LOG.error("Whether topic '{}' is one of {} could not be told, and it is left out: {}", name, pattern, failure.toString());
                return false;
            }
        };
    }

    private void list(Followed now) {
        metadata.refresh().whenComplete((cluster, failure) -> {
            if (now != followed) {
                return;
            }
            if (failure == null) {
                listed = true;
                topics = matching(now, cluster);
                LOG.info("Topics {} match {}", topics, now.pattern);
                follower.found(topics);
            } else if (!(Failures.cause(failure) instanceof ClientClosedException)) {
                LOG.warn("The topics that match {} could not be found, and are looked for again: {}", now.pattern, Failures.cause(failure).getMessage());
                list(now);
            }
        });
    }

    /** More is known of the topics. */
    void metadataChanged(ClusterSnapshot cluster) {
        Followed now = followed;
        if (now == null || !listed) {
            return;
        }
        Set<String> matching = matching(now, cluster);
        if (!matching.equals(topics)) {
            LOG.info("Topics {} match {} now", matching, now.pattern);
            topics = matching;
            follower.changed(matching);
        }
    }

    private static Set<String> matching(Followed followed, ClusterSnapshot cluster) {
        Set<String> matching = new LinkedHashSet<>();
        for (TopicInfo topic : cluster.topics()) {
            if (topic.isKnown() && followed.filter.accepts(topic.name(), topic.internal())) {
                matching.add(topic.name());
            }
        }
        return matching;
    }
}
