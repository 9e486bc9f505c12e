package dev.kafkaboot.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Waits until nothing of a transaction is under way any more. On the loop; looked at whenever something may be over. */
final class TransactionDrain {

    private final RecordAccumulator accumulator;
    private final SendGate gate;
    private final TransactionPartitions partitions;
    private final BooleanSupplier areCoordinatorsIdle;
    private final List<Waiter> waiting = new ArrayList<>(1);
    private boolean isUnparkedAwaited;

    /** Somebody who waits. */
    private record Waiter(BooleanSupplier condition, CompletableFuture<Void> future) {}

    /**
     * Waits for nothing.
     *
     * @param areCoordinatorsIdle whether no coordinator is asked anything on account of the transaction
     */
    TransactionDrain(RecordAccumulator accumulator, SendGate gate, TransactionPartitions partitions, BooleanSupplier areCoordinatorsIdle) {
        this.accumulator = accumulator;
        this.gate = gate;
        this.partitions = partitions;
        this.areCoordinatorsIdle = areCoordinatorsIdle;
    }

    /** Until no record is being appended. */
    CompletableFuture<Void> senders() {
        return await(gate::isEmpty);
    }

    /** Until no record is being appended or moved, no batch is in flight, and no coordinator is asked anything. */
    CompletableFuture<Void> all() {
        return await(() -> gate.isEmpty() && areCoordinatorsIdle.getAsBoolean() && !partitions.areUnderWay() && areUnparked());
    }

    /** Whether no topic has parked records; if one has, this is looked at again when it has none. */
    private boolean areUnparked() {
        if (isUnparkedAwaited) {
            return false;
        }
        for (TopicQueue topic : accumulator.topics()) {
            if (topic.whenUnparked(this::unparked)) {
                isUnparkedAwaited = true;
                return false;
            }
        }
        return true;
    }

    private void unparked() {
        isUnparkedAwaited = false;
        look();
    }

    private CompletableFuture<Void> await(BooleanSupplier condition) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        waiting.add(new Waiter(condition, future));
        look();
        return future;
    }

    /** Something may be over. */
    void look() {
        for (Waiter waiter : List.copyOf(waiting)) {
            if (waiter.condition.getAsBoolean() && waiting.remove(waiter)) {
                waiter.future.complete(null);
            }
        }
    }
}
