package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.TopicIdPartition;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the application says of records of one partition that were acquired in one session. Made by any thread; on the loop once it is
 * {@linkplain ShareFetcher#submit submitted}.
 */
final class Acknowledgement {

    private final ShareSession session;
    private final long acquisition;
    private final TopicIdPartition partition;
    private final SortedMap<Long, Byte> types;
    private final Set<Long> offsets;
    private final CompletableFuture<Optional<KafkaException>> outcome = new CompletableFuture<>();
    private final Pace pace = new Pace();
    private long deadline;
    private boolean alone;

    /**
     * Not submitted.
     *
     * @param acquisition which acquisition of the session the records are of
     * @param types what is said of each offset
     * @param offsets those of records that the application was given
     */
    Acknowledgement(ShareSession session, long acquisition, TopicIdPartition partition, SortedMap<Long, Byte> types, Set<Long> offsets) {
        this.session = session;
        this.acquisition = acquisition;
        this.partition = partition;
        this.types = types;
        this.offsets = offsets;
    }

    ShareSession session() {
        return session;
    }

    /** Which acquisition of the session the records are of. */
    long acquisition() {
        return acquisition;
    }

    TopicIdPartition partition() {
        return partition;
    }

    SortedMap<Long, Byte> types() {
        return types;
    }

    /** The offsets of records that the application was given. */
    Set<Long> offsets() {
        return offsets;
    }

    boolean isRenewal() {
        return types.containsValue(AcknowledgeType.RENEW.id());
    }

    /** Completes with what became of it: empty if the broker has taken it. Does not fail. */
    CompletableFuture<Optional<KafkaException>> outcome() {
        return outcome;
    }

    void complete(@Nullable KafkaException failure) {
        outcome.complete(Optional.ofNullable(failure));
    }

    /** When it may be sent again if it came to nothing. */
    Pace pace() {
        return pace;
    }

    /** Whether it is sent with no other of its partition: a broker that refuses one record of what it is told of a partition in a request refuses all. */
    boolean isAlone() {
        return alone;
    }

    void sendAlone() {
        alone = true;
    }

    /** The time of the loop's clock from which on it is not sent again. */
    long deadline() {
        return deadline;
    }

    void deadline(long nanos) {
        deadline = nanos;
    }
}
