package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.client.net.LoopCondition;
import dev.kafkaboot.client.net.Times;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The polls of a consumer, and its iterators, which poll for one record at a time. Any thread. */
final class Polls<K, V> {

    private final EventLoop loop;
    private final Assignment assignment;
    private final ConsumerCore core;
    private final Subscriptions subscriptions;
    private final RecordCollector<K, V> collector;
    private final ConsumerInterceptors<K, V> interceptors;
    private final ConsumerListener listener;
    private final LoopCondition changed;
    private final BooleanSupplier isClosed;

    Polls(
            EventLoop loop, Assignment assignment, ConsumerCore core, Subscriptions subscriptions, RecordCollector<K, V> collector,
            ConsumerInterceptors<K, V> interceptors, ConsumerListener listener, LoopCondition changed, BooleanSupplier isClosed) {
        this.loop = loop;
        this.assignment = assignment;
        this.core = core;
        this.subscriptions = subscriptions;
        this.collector = collector;
        this.interceptors = interceptors;
        this.listener = listener;
        this.changed = changed;
        this.isClosed = isClosed;
    }

    /** As {@link KafkaConsumer#poll(Duration, int)}. */
    ConsumerRecords<K, V> poll(Duration timeout, int maxRecords) {
        return poll(timeout, maxRecords, assignment::finishedWork);
    }

    /** Takes records one at a time, until none has come for some time; null for as long as it takes. */
    RecordIterator<K, V> iterator(@Nullable Duration idle) {
        return new RecordIterator<>(assignment, this::take, (timeout, finishWork) -> poll(timeout, 1, finishWork), loop::nanoTime, idle);
    }

    private ConsumerRecords<K, V> poll(Duration timeout, int maxRecords, BooleanSupplier finishWork) {
        if (isClosed.getAsBoolean()) {
            // Who closes may wait for this thread to show that it has finished.
            core.workFinished();
            refuseIfClosed();
        }
        if (subscriptions.isEmpty() && assignment.isEmpty()) {
            throw new IllegalStateException("Nothing to poll: call subscribe(...) or assign(...) first");
        }
        finish(finishWork);
        listener.polled(core.pollBegins());
        try {
            long deadline = loop.nanoTime() + Times.nanos(timeout);
            while (true) {
                subscriptions.refusals().throwIfNew();
                ConsumerRecords<K, V> records = collector.collect(maxRecords);
                if (!records.isEmpty()) {
                    return intercepted(records);
                }
                Duration left = Duration.ofNanos(Math.max(0, deadline - loop.nanoTime()));
                if (left.isZero()) {
                    core.failure().throwIfAny();
                    return records;
                }
                changed.await(this::hasSomethingToTell, left);
                refuseIfClosed();
            }
        } finally {
            core.pollEnds();
        }
    }

    private boolean hasSomethingToTell() {
        return isClosed.getAsBoolean() || core.failure().isNew() || subscriptions.refusals().isNew() || assignment.hasSomething();
    }

    private void refuseIfClosed() {
        if (isClosed.getAsBoolean()) {
            throw new ClientClosedException("The consumer is closed");
        }
    }

    /** One record that is there; none if there is something else to tell, which is a poll's affair. */
    private ConsumerRecords<K, V> take(BooleanSupplier finishWork) {
        if (isClosed.getAsBoolean()) {
            return ConsumerRecords.empty();
        }
        finish(finishWork);
        ConsumerRecords<K, V> records = collector.collect(1);
        return records.isEmpty() ? records : intercepted(records);
    }

    private void finish(BooleanSupplier work) {
        if (work.getAsBoolean()) {
            core.wake();
        }
    }

    private ConsumerRecords<K, V> intercepted(ConsumerRecords<K, V> records) {
        if (interceptors.isEmpty()) {
            return records;
        }
        ConsumerRecords<K, V> given = interceptors.onConsume(records);
        if (assignment.replaced(records, given)) {
            core.wake();
        }
        return given;
    }
}
