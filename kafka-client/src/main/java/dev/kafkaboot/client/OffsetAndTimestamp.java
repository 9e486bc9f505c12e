package dev.kafkaboot.client;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a search for an offset by time.
 *
 * @param offset the offset found
 * @param timestamp the timestamp of the record at that offset, in milliseconds since the epoch
 * @param leaderEpoch the leader epoch of that record, or null if the broker did not tell
 */
public record OffsetAndTimestamp(long offset, long timestamp, @Nullable Integer leaderEpoch) {}
