package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * The offsets of groups that are committed with the open transaction (KIP-447). On the loop.
 *
 * <p>The group's coordinator keeps them until the transaction's tells it what became of it. Before KIP-890's second part that one has to know of the group
 * first. Offsets that are sent one after the other are kept in that order: each waits for the one before.
 */
final class TransactionOffsets {

    private final CoordinatorCalls calls;
    private final TransactionRequests requests;
    private final BooleanSupplier isWanted;
    private final Set<String> groups = new HashSet<>();
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private boolean asked;

    /**
     * There are none.
     *
     * @param isWanted whether the transaction goes on
     */
    TransactionOffsets(CoordinatorCalls calls, TransactionRequests requests, BooleanSupplier isWanted) {
        this.calls = calls;
        this.requests = requests;
        this.isWanted = isWanted;
    }

    /** Sends offsets; completes when they are kept. */
    CompletableFuture<Void> send(
            ProducerIdentity producer, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, boolean byWriting) {
        Map<TopicPartition, OffsetAndMetadata> copy = new LinkedHashMap<>(offsets);
        asked = true;
        last = last
                .thenCompose(before -> byWriting ? CompletableFuture.completedFuture(null) : addGroup(producer, group.groupId()))
                .thenCompose(added -> keep(producer, copy, group, byWriting));
        return last;
    }

    private CompletableFuture<Void> addGroup(ProducerIdentity producer, String groupId) {
        if (groups.contains(groupId)) {
            return CompletableFuture.completedFuture(null);
        }
        return calls.ask(requests.addOffsets(producer, groupId, isWanted)).thenAccept(answer -> groups.add(groupId));
    }

    private CompletableFuture<Void> keep(
            ProducerIdentity producer, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, boolean byWriting) {
        CompletableFuture<CoordinatorAnswer<TxnOffsetCommitResponse>> answer =
                calls.ask(requests.commitOffsets(producer, offsets, group, byWriting, isWanted));
        return answer.thenAccept(kept -> { });
    }

    /** Whether the coordinator may know of the transaction on account of a group. */
    boolean mayHaveBegun() {
        return asked;
    }

    /** Whether everything that was sent is kept, or has failed. */
    boolean isSettled() {
        return last.isDone();
    }

    /** There are none any more. */
    void clear() {
        groups.clear();
        last = CompletableFuture.completedFuture(null);
        asked = false;
    }
}
