package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.BrokerException;
import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.NoOffsetForPartitionException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetOutOfRangeException;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.net.Backoff;
import dev.kafkaboot.client.net.EventLoop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives positions to partitions that have none: from what was committed, or by a reset. On the loop, but for {@link #wake}.
 *
 * <p>A partition without a committed offset is reset by {@code auto.offset.reset}; one whose lookup fails is asked for again and never reset on account of
 * that. An answer is dropped if the position has moved meanwhile, by a seek for one.
 */
final class Positions {

    private final ClientConnections connections;
    private final Assignment assignment;
    private final OffsetLookups lookups;
    private final @Nullable CommittedOffsets committed;
    private final OffsetResetPolicy policy;
    private final Backoff backoff;
    private final Duration requestTimeout;
    private final Runnable onChange;

    /** Partitions that are being looked up, with the epoch under which. */
    private final Map<PartitionState, Long> asked = new LinkedHashMap<>();

    private int failures;
    private boolean retryScheduled;
    private boolean closed;

    Positions(
            ClientConnections connections, Assignment assignment, OffsetLookups lookups, @Nullable CommittedOffsets committed, ClientConfig config,
            Runnable onChange) {
        this.connections = connections;
        this.assignment = assignment;
        this.lookups = lookups;
        this.committed = committed;
        this.policy = config.get(ConsumerConfig.AUTO_OFFSET_RESET);
        this.backoff = new Backoff(config.get(CommonConfig.RETRY_BACKOFF), config.get(CommonConfig.RETRY_BACKOFF_MAX));
        this.requestTimeout = config.get(CommonConfig.REQUEST_TIMEOUT);
        this.onChange = onChange;
    }

    /** Some partitions may need positions. Any thread. */
    void wake() {
        connections.loop().execute(this::update);
    }

    private EventLoop loop() {
        return connections.loop();
    }

    private void update() {
        if (closed) {
            return;
        }
        Map<TopicPartition, PartitionState> fromCommitted = new LinkedHashMap<>();
        Map<TopicPartition, OffsetSpec> resets = new LinkedHashMap<>();
        Map<TopicPartition, PartitionState> toReset = new LinkedHashMap<>();
        synchronized (assignment) {
            asked.keySet().removeIf(state -> assignment.find(state.partition) != state);
            for (PartitionState state : assignment.states()) {
                Long under = asked.get(state);
                if (under != null && under == state.epoch || state.error != null) {
                    continue;
                }
                if (state.source == PartitionState.Source.COMMITTED && committed == null) {
                    applyPolicy(state);
                }
                OffsetSpec spec = state.reset;
                if (state.source == PartitionState.Source.COMMITTED && committed != null) {
                    asked.put(state, state.epoch);
                    fromCommitted.put(state.partition, state);
                } else if (state.source == PartitionState.Source.RESET && spec != null) {
                    asked.put(state, state.epoch);
                    resets.put(state.partition, spec);
                    toReset.put(state.partition, state);
                }
            }
        }
        if (committed != null && !fromCommitted.isEmpty()) {
            Map<PartitionState, Long> epochs = epochs(fromCommitted);
            committed.fetch(fromCommitted.keySet(), requestTimeout).whenComplete((offsets, failure) ->
                    committedCame(fromCommitted, epochs, offsets, failure));
        }
        if (!resets.isEmpty()) {
            Map<PartitionState, Long> epochs = epochs(toReset);
            lookups.find(resets, requestTimeout).whenComplete((offsets, failure) -> resetCame(toReset, epochs, offsets, failure));
        }
    }

    private Map<PartitionState, Long> epochs(Map<TopicPartition, PartitionState> states) {
        Map<PartitionState, Long> epochs = new LinkedHashMap<>();
        states.values().forEach(state -> epochs.put(state, asked.get(state)));
        return epochs;
    }

    private void committedCame(
            Map<TopicPartition, PartitionState> states, Map<PartitionState, Long> epochs,
            @Nullable Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable Throwable failure) {
        states.values().forEach(asked::remove);
        if (offsets == null) {
            retry(states, failure);
            return;
        }
        failures = 0;
        synchronized (assignment) {
            states.forEach((partition, state) -> {
                if (!isUnder(state, epochs) || state.source != PartitionState.Source.COMMITTED) {
                    return;
                }
                OffsetAndMetadata offset = offsets.get(partition);
                if (offset != null) {
                    state.moveTo(offset.offset(), offset.leaderEpoch());
                } else {
                    applyPolicy(state);
                }
            });
        }
        changed();
    }

    private static boolean isUnder(PartitionState state, Map<PartitionState, Long> epochs) {
        Long asked = epochs.get(state);
        return asked != null && asked == state.epoch;
    }

    private void applyPolicy(PartitionState state) {
        switch (policy) {
            case EARLIEST -> state.resetTo(OffsetSpec.earliest());
            case LATEST -> state.resetTo(OffsetSpec.latest());
            case NONE -> state.error = new NoOffsetForPartitionException(Set.of(state.partition));
        }
    }

    private void resetCame(
            Map<TopicPartition, PartitionState> states, Map<PartitionState, Long> epochs,
            @Nullable Map<TopicPartition, OffsetAndTimestamp> offsets, @Nullable Throwable failure) {
        states.values().forEach(asked::remove);
        if (offsets == null) {
            retry(states, failure);
            return;
        }
        failures = 0;
        synchronized (assignment) {
            states.forEach((partition, state) -> {
                OffsetAndTimestamp offset = offsets.get(partition);
                if (offset != null && isUnder(state, epochs) && state.source == PartitionState.Source.RESET) {
                    state.moveTo(offset.offset(), offset.leaderEpoch());
                }
            });
        }
        changed();
    }

    /** Asks again after a pause; what will not get better by that is thrown by the next poll. */
    private void retry(Map<TopicPartition, PartitionState> states, @Nullable Throwable failure) {
        if (failure instanceof BrokerException error && !error.isRetriable()) {
            synchronized (assignment) {
                states.values().forEach(state -> state.error = error);
            }
            onChange.run();
            return;
        }
        failures++;
        if (!retryScheduled && !closed) {
            retryScheduled = true;
            loop().schedule(backoff.after(failures, loop().random()), () -> {
                retryScheduled = false;
                update();
            });
        }
    }

    /** A fetch found the position outside of what the partition holds. Called with the assignment's lock held. */
    void outOfRange(PartitionState state, long offset) {
        if (policy == OffsetResetPolicy.NONE) {
            state.error = new OffsetOutOfRangeException(Map.of(state.partition, offset));
        } else {
            applyPolicy(state);
            wake();
        }
    }

    private void changed() {
        onChange.run();
        update();
    }

    void close() {
        closed = true;
    }
}
