package dev.kafkaboot.client.cluster;

/** Which of all topics somebody wants to know of. It is asked on the loop, so it must not block. */
@FunctionalInterface
public interface TopicFilter {

    /**
     * Whether a topic is wanted.
     *
     * @param internal whether Kafka made it for itself
     */
    boolean accepts(String name, boolean internal);
}
