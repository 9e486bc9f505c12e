package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.OffsetSpec;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks from time to time where the partitions end that are not being fetched, because they are paused, wait for marks, or nobody takes what was fetched. Answers to fetches
 * tell it of the others. Without this, the lag of a partition would stand still just when it is of interest. On the loop.
 */
final class EndOffsetRefresh {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final EventLoop loop;
    private final Assignment assignment;
    private final OffsetLookups lookups;
    private final Alarm alarm;
    private boolean closed;

    /** Begins. */
    EndOffsetRefresh(EventLoop loop, Assignment assignment, OffsetLookups lookups) {
        this.loop = loop;
        this.assignment = assignment;
        this.lookups = lookups;
        this.alarm = new Alarm(loop, this::refresh);
        loop.execute(this::rest);
    }

    private void rest() {
        if (!closed) {
            alarm.noLaterThan(loop.nanoTime() + INTERVAL.toNanos());
        }
    }

    private void refresh() {
        Map<TopicPartition, OffsetSpec> wanted = new LinkedHashMap<>();
        Map<TopicPartition, PartitionState> states = new LinkedHashMap<>();
        synchronized (assignment) {
            for (PartitionState state : assignment.states()) {
                if (state.isNotFetched()) {
                    wanted.put(state.partition, OffsetSpec.latest());
                    states.put(state.partition, state);
                }
            }
        }
        if (!wanted.isEmpty()) {
            lookups.find(wanted, INTERVAL, new LookupSink<>() {
                @Override
                public void found(TopicPartition partition, @Nullable OffsetAndTimestamp end) {
                    PartitionState state = states.get(partition);
                    if (state != null && end != null) {
                        take(state, end.offset());
                    }
                }

                @Override
                public void failed(TopicPartition partition, Throwable reason) {
                    // It is asked again soon enough.
                }
            });
        }
        rest();
    }

    private void take(PartitionState state, long end) {
        synchronized (assignment) {
            if (state.isNotFetched()) {
                state.endOffset = end;
            }
        }
    }

    void close() {
        closed = true;
        alarm.cancel();
    }
}
