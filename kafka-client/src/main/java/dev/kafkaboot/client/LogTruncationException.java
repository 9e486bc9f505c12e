package dev.kafkaboot.client;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records that were read are not in the log any more: it was truncated behind a common point, for instance by an unclean election, and
 * {@code auto.offset.reset} is {@code none} (KIP-320).
 *
 * <p>Seek to the {@linkplain #divergentOffsets() divergent offset} to read on where the present log and what was read part; or to wherever the application
 * can go back to.
 */
public class LogTruncationException extends OffsetOutOfRangeException {

    private static final long serialVersionUID = 1L;

    private final transient Map<TopicPartition, OffsetAndMetadata> divergentOffsets;

    /**
     * Positions behind a truncation.
     *
     * @param positions the offsets up to which was read, by partition
     * @param divergentOffsets the first offsets from which on the log holds something else than what was read
     */
    public LogTruncationException(Map<TopicPartition, Long> positions, Map<TopicPartition, OffsetAndMetadata> divergentOffsets) {
        super("The log was truncated below what was read: positions " + new TreeMap<>(positions) + ", the log differs from "
                + new TreeMap<>(divergentOffsets) + " on, and auto.offset.reset is 'none': seek to where to go on", positions);
        this.divergentOffsets = Collections.unmodifiableMap(new TreeMap<>(divergentOffsets));
    }

    /** The first offsets from which on the log holds something else than what was read, with the leader epoch before them. */
    public Map<TopicPartition, OffsetAndMetadata> divergentOffsets() {
        return divergentOffsets;
    }
}
