package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ConsumerProtocol;
import dev.kafkaboot.protocol.ProtocolException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The topics that a classic group's members read, as far as a coordinator can know: it reads subscriptions only of consumers, and only if it understands
 * them.
 *
 * @param topics the topics, or null if they are not known
 * @param consumers whether the members are consumers
 */
record SubscribedTopics(@Nullable Set<String> topics, boolean consumers) {

    /** Those of a group that never had a member. */
    static final SubscribedTopics UNKNOWN = new SubscribedTopics(null, /* consumers= */ false);

    static SubscribedTopics of(@Nullable String protocolType, @Nullable String protocolName, Collection<ClassicMember> members) {
        if (!ClassicGroup.CONSUMER_PROTOCOL.equals(protocolType)) {
            return UNKNOWN;
        }
        Set<String> topics = new TreeSet<>();
        try {
            members.forEach(member -> topics.addAll(ConsumerProtocol.readSubscription(member.metadata(protocolName)).topics()));
        } catch (ProtocolException foreign) {
            return new SubscribedTopics(null, /* consumers= */ true);
        }
        return new SubscribedTopics(topics, /* consumers= */ true);
    }

    boolean isKnown() {
        return topics != null;
    }

    /** Whether a topic is read, or may be. */
    boolean contains(String topic) {
        return topics == null ? consumers : topics.contains(topic);
    }
}
