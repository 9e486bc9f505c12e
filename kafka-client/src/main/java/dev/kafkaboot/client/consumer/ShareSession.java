package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.ShareSessionLostException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.net.Times;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest.AcknowledgePartition;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest.AcknowledgeTopic;
import dev.kafkaboot.protocol.message.ShareFetchRequest;
import dev.kafkaboot.protocol.message.ShareFetchRequest.FetchPartition;
import dev.kafkaboot.protocol.message.ShareFetchRequest.FetchTopic;
import dev.kafkaboot.protocol.message.ShareFetchRequest.ForgottenTopic;
import dev.kafkaboot.protocol.message.ShareFetchResponse.AcquiredRecords;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A share session with one broker (KIP-932): the broker remembers which partitions are read, and what it has acquired is this session's. The first request has
 * epoch 0, each that follows the next one, and the last -1. On the loop.
 *
 * <p>One request is under way at a time. After an error that leaves open what the broker knows, the session is over and another one begins; what was acquired in
 * the old one cannot be acknowledged any more, because a broker that loses a connection gives its records to others.
 */
final class ShareSession {

    private static final int CLOSING_EPOCH = -1;

    /** Of how many acquisitions of a partition it is known what was acquired: what is said after so many more is said very late. */
    private static final int KNOWN_ACQUISITIONS = 16;

    private final int brokerId;
    private final List<Acknowledgement> waiting = new ArrayList<>();
    private final Map<TopicIdPartition, Deque<Acquired>> lastAcquired = new HashMap<>();
    private Set<TopicIdPartition> told = Set.of();
    private long acquisitions;
    private int epoch;
    private boolean inFlight;
    private boolean fetching;
    private @Nullable List<Acknowledgement> farewell;
    private long usedNanos;
    private long lockedUntilNanos;

    private record Acquired(long acquisition, List<AcquiredRecords> ranges) {}

    /** Read by any thread. */
    private volatile @Nullable KafkaException end;

    /** Read by any thread. */
    private volatile boolean closing;

    ShareSession(int brokerId) {
        this.brokerId = brokerId;
    }

    int brokerId() {
        return brokerId;
    }

    boolean isInFlight() {
        return inFlight;
    }

    /** Whether a fetch is under way. */
    boolean isFetching() {
        return fetching;
    }

    /** Whether the broker knows it. */
    boolean isOpen() {
        return epoch > 0 && end == null;
    }

    /** Something was acquired in it, or renewed, and is locked until a time of the loop's clock if nothing is said of it. */
    void locked(long untilNanos) {
        if (lockedUntilNanos == 0 || untilNanos - lockedUntilNanos > 0) {
            lockedUntilNanos = untilNanos;
        }
    }

    /**
     * When a request is to be sent in it at the latest if its connection may lie unused for a time, or empty if nothing is locked by then: a broker gives away what was
     * acquired as soon as the connection is closed.
     */
    OptionalLong nextUse(Duration unusedAtMost) {
        long next = usedNanos + Times.nanos(unusedAtMost);
        return isOpen() && lockedUntilNanos != 0 && lockedUntilNanos - next > 0 ? OptionalLong.of(next) : OptionalLong.empty();
    }

    /** It is to be closed; what the application has not acknowledged is said last. A second call adds to the first. */
    void close(List<Acknowledgement> last) {
        closing = true;
        List<Acknowledgement> before = farewell;
        if (before == null) {
            farewell = new ArrayList<>(last);
        } else {
            before.addAll(last);
        }
    }

    /** What is to be said last, or null if it is not to be closed. */
    @Nullable List<Acknowledgement> farewell() {
        return farewell;
    }

    /** Whether nothing more of it is to be handed out: its last request releases what was acquired in it, or it is over. Any thread. */
    boolean isClosing() {
        return closing || end != null;
    }

    /** Why it is over, or null. Any thread. */
    @Nullable KafkaException end() {
        return end;
    }

    /** What is to be sent, in the order in which it was said. */
    List<Acknowledgement> waiting() {
        return waiting;
    }

    /** Another acquisition, the number of which is the answer. */
    long acquired(TopicIdPartition partition, List<AcquiredRecords> ranges) {
        Deque<Acquired> last = lastAcquired.computeIfAbsent(partition, first -> new ArrayDeque<>(2));
        last.addLast(new Acquired(++acquisitions, ranges));
        if (last.size() > KNOWN_ACQUISITIONS) {
            last.removeFirst();
        }
        return acquisitions;
    }

    /**
     * Whether something is said of records that this consumer was given anew since: their lock was over. The broker does not tell the deliveries apart, and would
     * take what is said of the earlier for the later, which the application has yet to see.
     */
    boolean isOvertaken(Acknowledgement each) {
        return lastAcquired.getOrDefault(each.partition(), new ArrayDeque<>(0)).stream()
                .filter(later -> later.acquisition() > each.acquisition())
                .flatMap(later -> later.ranges().stream())
                .anyMatch(range -> {
                    SortedMap<Long, Byte> behind = each.types().tailMap(range.firstOffset());
                    return !behind.isEmpty() && behind.firstKey() <= range.lastOffset();
                });
    }

    /** Puts what is wanted, and what is acknowledged, into the next request. */
    void fill(ShareFetchRequest request, Set<TopicIdPartition> wanted, Collection<Acknowledgement> acknowledged) {
        Map<TopicIdPartition, SortedMap<Long, Byte>> types = merge(acknowledged);
        Map<Uuid, FetchTopic> topics = new LinkedHashMap<>();
        wanted.forEach(partition -> {
            SortedMap<Long, Byte> said = types.get(partition);
            if (said != null || !told.contains(partition)) {
                FetchPartition asked = new FetchPartition().partitionIndex(partition.partition());
                OffsetRun.of(said == null ? Collections.emptySortedMap() : said).forEach(run -> asked.acknowledgementBatches()
                        .add(new ShareFetchRequest.AcknowledgementBatch()
                                .firstOffset(run.first()).lastOffset(run.last()).acknowledgeTypes(run.types())));
                topics.computeIfAbsent(partition.topicId(), id -> new FetchTopic().topicId(id)).partitions().add(asked);
            }
        });
        request.shareSessionEpoch(epoch).topics(new ArrayList<>(topics.values()));
        forget(request, wanted);
        told = new LinkedHashSet<>(wanted);
        inFlight = true;
        fetching = true;
    }

    private void forget(ShareFetchRequest request, Set<TopicIdPartition> wanted) {
        Map<Uuid, ForgottenTopic> forgotten = new LinkedHashMap<>();
        told.stream().filter(partition -> !wanted.contains(partition)).forEach(partition -> forgotten
                .computeIfAbsent(partition.topicId(), id -> new ForgottenTopic().topicId(id)).partitions().add(partition.partition()));
        request.forgottenTopicsData(new ArrayList<>(forgotten.values()));
    }

    /**
     * Puts what is acknowledged into the next request.
     *
     * @param last whether the broker is to close the session, and to release what is not acknowledged
     */
    void fill(ShareAcknowledgeRequest request, Collection<Acknowledgement> acknowledged, boolean last) {
        Map<Uuid, AcknowledgeTopic> topics = new LinkedHashMap<>();
        merge(acknowledged).forEach((partition, types) -> {
            AcknowledgePartition said = new AcknowledgePartition().partitionIndex(partition.partition());
            OffsetRun.of(types).forEach(run -> said.acknowledgementBatches()
                    .add(new ShareAcknowledgeRequest.AcknowledgementBatch()
                            .firstOffset(run.first()).lastOffset(run.last()).acknowledgeTypes(run.types())));
            topics.computeIfAbsent(partition.topicId(), id -> new AcknowledgeTopic().topicId(id)).partitions().add(said);
        });
        request.shareSessionEpoch(last ? CLOSING_EPOCH : epoch)
                .isRenewAck(acknowledged.stream().anyMatch(Acknowledgement::isRenewal))
                .topics(new ArrayList<>(topics.values()));
        inFlight = true;
    }

    private static Map<TopicIdPartition, SortedMap<Long, Byte>> merge(Collection<Acknowledgement> acknowledged) {
        Map<TopicIdPartition, SortedMap<Long, Byte>> types = new LinkedHashMap<>();
        acknowledged.forEach(each -> types.computeIfAbsent(each.partition(), first -> new TreeMap<>()).putAll(each.types()));
        return types;
    }

    /** The broker has taken a request, at a time of the loop's clock. */
    void answered(long nanos) {
        usedNanos = nanos;
        inFlight = false;
        fetching = false;
        epoch = epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    /** A request could not be written, so the broker knows nothing of it. */
    void notSent() {
        inFlight = false;
        fetching = false;
    }

    /** It is over. A second call does nothing but to end the request that is under way. */
    void over(@Nullable Throwable cause) {
        inFlight = false;
        fetching = false;
        if (end == null) {
            end = new ShareSessionLostException("The share session with broker " + brokerId + " is over"
                    + (cause == null ? "" : " (" + cause.getMessage() + ")") + ", and what was acquired in it is not this consumer's any more", cause);
        }
    }
}
