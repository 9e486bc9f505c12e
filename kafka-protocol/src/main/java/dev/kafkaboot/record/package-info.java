/**
 * Record batches: building them (v2) and reading them (v2, and the message sets v0 and v1 that old topics still hold). No I/O.
 *
 * <p>{@link dev.kafkaboot.record.BatchBuilder} is the producer's hot path, {@link dev.kafkaboot.record.RecordCursor} the consumer's: neither
 * allocates for a record. Everything that is read is checked first: what is wrong is a {@link dev.kafkaboot.record.CorruptRecordException}.
 */
@NullMarked
package dev.kafkaboot.record;

import org.jspecify.annotations.NullMarked;
