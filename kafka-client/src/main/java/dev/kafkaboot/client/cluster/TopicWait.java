package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.InvalidTopicException;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.UnknownTopicException;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits for a topic to be known.
 *
 * @param name the topic
 * @param autoCreate whether asking may make it
 * @param request which request is the first to ask about it since
 * @param waiter who waits
 */
record TopicWait(String name, boolean autoCreate, long request, Waiter<TopicInfo> waiter) {

    /** Whether there is an answer: the topic, or an error that waiting does not mend. An error of earlier may have passed. */
    boolean isDecidedBy(ClusterSnapshot now, long answeredRequest) {
        TopicInfo topic = now.topic(name);
        return topic != null && (topic.isKnown() || answeredRequest >= request && !topic.error().isRetriable());
    }

    void decide(ClusterSnapshot now) {
        TopicInfo topic = now.topic(name);
        if (topic != null && topic.isKnown()) {
            waiter.complete(topic);
        } else {
            waiter.fail(missing(now, Duration.ZERO));
        }
    }

    /** What to tell of a topic that is not there. */
    KafkaException missing(ClusterSnapshot now, Duration waited) {
        return missing(name, now.topic(name), waited);
    }

    private static KafkaException missing(String name, @Nullable TopicInfo topic, Duration waited) {
        String subject = "topic '" + name + "'";
        ErrorCode error = topic == null ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : topic.error();
        KafkaException answer = new BrokerException(subject, error, ApiKey.METADATA, null, null);
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID -> new UnknownTopicException(
                    "The cluster has no " + subject + " (waited " + Times.text(waited) + " for it)", answer);
            case INVALID_TOPIC_EXCEPTION -> new InvalidTopicException("The cluster does not allow the name of " + subject, answer);
            default -> answer;
        };
    }
}
