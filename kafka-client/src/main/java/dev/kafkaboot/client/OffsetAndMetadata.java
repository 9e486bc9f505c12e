package dev.kafkaboot.client;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A position to commit, or one that was committed.
 *
 * @param offset the offset of the next record to read, not of the last one processed
 * @param leaderEpoch the leader epoch of the last record processed, or null if not known (KIP-320)
 * @param metadata a note kept by the broker beside the offset; may be empty
 */
public record OffsetAndMetadata(long offset, @Nullable Integer leaderEpoch, String metadata) {

    public OffsetAndMetadata {
        if (offset < 0) {
            throw new IllegalArgumentException("A committed offset cannot be negative: " + offset);
        }
        Objects.requireNonNull(metadata, "metadata");
    }

    public OffsetAndMetadata(long offset) {
        this(offset, null, "");
    }

    public OffsetAndMetadata(long offset, String metadata) {
        this(offset, null, metadata);
    }
}
