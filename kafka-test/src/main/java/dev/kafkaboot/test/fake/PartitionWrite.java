package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceResponse.BatchIndexAndErrorMessage;
import dev.kafkaboot.protocol.message.ProduceResponse.PartitionProduceResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of one partition's part of a Produce request.
 *
 * @param partition the partition, or null if there is none
 * @param requiredOffset what must be replicated before acks=all is satisfied; 0 if nothing was appended
 * @param response the answer, to be completed while replication is waited for
 */
record PartitionWrite(@Nullable FakePartition partition, long requiredOffset, PartitionProduceResponse response) {

    private static final long UNKNOWN_OFFSET = -1;

    private static final Set<ErrorCode> UNREAD =
            Set.of(ErrorCode.MESSAGE_TOO_LARGE, ErrorCode.RECORD_LIST_TOO_LARGE, ErrorCode.CORRUPT_MESSAGE);

    static PartitionWrite refused(int index, ErrorCode error) {
        return refused(null, index, error);
    }

    static PartitionWrite refused(@Nullable FakePartition partition, int index, ErrorCode error) {
        return new PartitionWrite(partition, 0, failed(index, error));
    }

    /** Refused before the log was asked, with a reason in words. */
    static PartitionWrite refused(FakePartition partition, ErrorCode error, String reason) {
        return new PartitionWrite(partition, 0, failed(partition.index(), error).errorMessage(reason));
    }

    /** Refused by the log, which tells where it begins, but for batches that it did not look into. */
    static PartitionWrite refused(FakePartition partition, RefusedException refused) {
        PartitionProduceResponse response = failed(partition.index(), refused.error());
        if (!UNREAD.contains(refused.error())) {
            response.logStartOffset(partition.log().startOffset());
        }
        if (!refused.recordErrors().isEmpty()) {
            // Only here do brokers tell more than the code (KIP-467).
            response.errorMessage(refused.reason())
                    .recordErrors(refused.recordErrors().stream()
                            .map(error -> new BatchIndexAndErrorMessage().batchIndex(error.index()).batchIndexErrorMessage(error.message()))
                            .toList());
        }
        return new PartitionWrite(partition, 0, response);
    }

    static PartitionWrite appended(FakePartition partition, AppendResult result) {
        PartitionProduceResponse response = new PartitionProduceResponse()
                .index(partition.index())
                .baseOffset(result.baseOffset())
                .logAppendTimeMs(result.appendTimeMillis())
                .logStartOffset(partition.log().startOffset());
        return new PartitionWrite(partition, result.lastOffset() + 1, response);
    }

    private static PartitionProduceResponse failed(int index, ErrorCode error) {
        return new PartitionProduceResponse()
                .index(index)
                .errorCode(error.code())
                .baseOffset(UNKNOWN_OFFSET)
                .logAppendTimeMs(AppendResult.NO_APPEND_TIME)
                .logStartOffset(UNKNOWN_OFFSET);
    }

    boolean hasFailed() {
        return response.errorCode() != ErrorCode.NONE.code();
    }
}
