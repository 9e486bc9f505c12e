package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.CorruptBatchException;
import dev.kafkaboot.client.MissingCompressionException;
import dev.kafkaboot.client.OversizedBatchException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.UnreadableBatchException;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.record.compress.DecompressionLimitException;
import dev.kafkaboot.record.compress.MissingCodecException;

/** What users are told of batches that cannot be read. */
final class UnreadableBatches {

    private UnreadableBatches() {}

    /**
     * The exception of its kind.
     *
     * @param offset the first offset that cannot be read
     * @param next the offset behind the batch, or -1 if it is not known
     */
    static UnreadableBatchException of(TopicPartition partition, long offset, long next, ProtocolException cause) {
        String message = "Cannot read " + partition + " at offset " + offset + ": " + cause.getMessage();
        if (cause instanceof MissingCodecException) {
            return new MissingCompressionException(message, partition, offset, next, cause);
        }
        return isOversized(cause)
                ? new OversizedBatchException(message, partition, offset, next, cause)
                : new CorruptBatchException(message, partition, offset, next, cause);
    }

    private static boolean isOversized(ProtocolException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DecompressionLimitException) {
                return true;
            }
        }
        return false;
    }
}
