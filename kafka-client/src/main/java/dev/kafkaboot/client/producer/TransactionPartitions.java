package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.Failures;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Which partitions take part in the open transaction. On the loop.
 *
 * <p>Where a partition takes part because something is written to it (KIP-890), it does so as soon as it is asked about. Elsewhere the coordinator has to be
 * told before anything is written; partitions that are asked about meanwhile are told together, in the next request.
 */
final class TransactionPartitions {

    /** What becomes of what is added. */
    interface Owner {

        /** More partitions take part. */
        void added();

        /** Some do not, for this reason. */
        void notAdded(Throwable reason);
    }

    private final EventLoop loop;
    private final CoordinatorCalls calls;
    private final TransactionRequests requests;
    private final BooleanSupplier isWanted;
    private final Owner owner;
    private final Set<TopicPartition> added = new LinkedHashSet<>();
    private final Set<TopicPartition> wanted = new LinkedHashSet<>();
    private final Set<PartitionQueue> admitted = new LinkedHashSet<>();
    private boolean underWay;
    private boolean asked;

    /**
     * None takes part.
     *
     * @param isWanted whether the transaction goes on
     */
    TransactionPartitions(EventLoop loop, CoordinatorCalls calls, TransactionRequests requests, BooleanSupplier isWanted, Owner owner) {
        this.loop = loop;
        this.calls = calls;
        this.requests = requests;
        this.isWanted = isWanted;
        this.owner = owner;
    }

    /** Lets a partition take part, at once or when the coordinator knows. */
    boolean admits(PartitionQueue queue, ProducerIdentity identity, boolean byWriting) {
        TopicPartition partition = queue.partition();
        if (byWriting) {
            added.add(partition);
        }
        if (!added.contains(partition)) {
            wanted.add(partition);
            addLater(identity);
            return false;
        }
        admitted.add(queue);
        queue.admit(identity);
        if (queue.needsIdentity()) { // a batch of this epoch was given up, and the broker may expect another sequence than the next: it cannot go on
            owner.notAdded(new IllegalStateException("Nothing more can be written to " + partition + " in this epoch, because a batch was given up"));
            return false;
        }
        return true;
    }

    /** Later, because others may come in this turn of the loop. */
    private void addLater(ProducerIdentity identity) {
        if (!underWay) {
            underWay = true;
            loop.execute(() -> add(identity));
        }
    }

    private void add(ProducerIdentity identity) {
        Set<TopicPartition> partitions = new LinkedHashSet<>(wanted);
        if (!isWanted.getAsBoolean() || partitions.isEmpty()) {
            underWay = false;
            return;
        }
        asked = true;
        calls.ask(requests.addPartitions(identity, partitions, isWanted)).whenComplete((answer, failure) -> {
            underWay = false;
            if (failure == null) {
                added(partitions, identity);
            } else if (!(Failures.cause(failure) instanceof CoordinatorCalls.Unwanted)) {
                owner.notAdded(Failures.cause(failure));
            }
        });
    }

    private void added(Set<TopicPartition> partitions, ProducerIdentity identity) {
        wanted.removeAll(partitions);
        added.addAll(partitions);
        if (!wanted.isEmpty()) {
            addLater(identity);
        }
        owner.added();
    }

    /** Whether the coordinator may know of the transaction on account of a partition. */
    boolean mayHaveBegun() {
        return asked || !added.isEmpty();
    }

    /** Whether a batch is under way that belongs to the transaction. */
    boolean areUnderWay() {
        return admitted.stream().anyMatch(PartitionQueue::anyInFlight);
    }

    /** Whether a batch of the transaction was given up, so that the broker may expect other sequences than those that come next. */
    boolean areBroken() {
        return admitted.stream().anyMatch(PartitionQueue::isBroken);
    }

    /** None takes part any more; what is sent next waits to be admitted. */
    void clear() {
        admitted.forEach(PartitionQueue::bar);
        admitted.clear();
        added.clear();
        wanted.clear();
        asked = false;
    }
}
