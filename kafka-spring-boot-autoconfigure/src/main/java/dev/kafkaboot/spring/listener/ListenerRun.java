package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A container from one start to the next stop, as the container sees it; {@link MessageListenerContainer} tells what the answers mean. Safe from any thread. */
interface ListenerRun {

    /** Polls until the end. To be run by a thread of its own. */
    void poll();

    /**
     * Finishes what the listener is at, says so to the brokers, and leaves the group.
     *
     * @param limit how long to wait for the listener
     */
    void stop(Duration limit);

    void requestPause(boolean pause);

    /** Whether it is paused and the listener has finished what it had. */
    boolean isPaused();

    /** Whether the calling thread is one of the listener's. */
    boolean isWorker();

    boolean doesItsWork();

    /** What keeps it from its work at present, or null if nothing does. */
    @Nullable Throwable lastError();

    Map<String, String> topicProblems();

    Map<String, String> longRecords();

    default Collection<TopicPartition> partitions() {
        return List.of();
    }

    default Map<TopicPartition, Long> lag() {
        return Map.of();
    }

    default OptionalLong lag(TopicPartition partition) {
        return OptionalLong.empty();
    }

    int inFlight();
}
