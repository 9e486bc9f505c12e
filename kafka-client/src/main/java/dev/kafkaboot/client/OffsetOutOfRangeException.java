package dev.kafkaboot.client;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Positions lie outside of what their partitions hold, and {@code auto.offset.reset} is {@code none}. */
public class OffsetOutOfRangeException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final transient Map<TopicPartition, Long> offsets;

    public OffsetOutOfRangeException(Map<TopicPartition, Long> offsets) {
        this("Offsets out of range: " + new TreeMap<>(offsets)
                + ", and auto.offset.reset is 'none': seek to an offset that exists, or choose 'earliest' or 'latest'", offsets);
    }

    /** As the other one, with a message of its own. */
    public OffsetOutOfRangeException(String message, Map<TopicPartition, Long> offsets) {
        super(message);
        this.offsets = Collections.unmodifiableMap(new TreeMap<>(offsets));
    }

    /** The offsets asked for, in the order of the partitions. */
    public Map<TopicPartition, Long> offsets() {
        return offsets;
    }
}
