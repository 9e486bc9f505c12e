package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.ProduceRequest.PartitionProduceData;
import dev.kafkaboot.protocol.message.ProduceResponse;
import dev.kafkaboot.record.CorruptRecordException;
import dev.kafkaboot.record.RecordBatch;
import dev.kafkaboot.record.RecordBatches;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Appends what a Produce request has for one partition, if the broker leads it and nothing speaks against it. */
final class PartitionWriter {

    private static final short ACKS_ALL = -1;
    private static final int FIRST_WITH_ZSTD = 7;

    /** The only client that may write to the brokers' own topics calls itself so. */
    private static final String ADMIN_CLIENT_ID = "__admin_client";


    private final TransactionalWrites transactions;

    PartitionWriter(FakeKafka cluster) {
        this.transactions = new TransactionalWrites(cluster);
    }

    /** Whether a request needs a transactional id. */
    static boolean hasTransactionalRecords(ProduceRequest request) {
        return request.topicData().stream().flatMap(topic -> topic.partitionData().stream()).anyMatch(PartitionWriter::isTransactional);
    }

    private static boolean isTransactional(PartitionProduceData data) {
        try {
            RecordBatches batches = RecordBatches.read(bytes(data));
            return batches.hasNext() && batches.next().isTransactional();
        } catch (CorruptRecordException unreadable) {
            return false;
        }
    }

    PartitionWrite write(Exchange<ProduceRequest, ProduceResponse> exchange, FakeTopic topic, PartitionProduceData data) {
        FakePartition partition = topic.partition(data.index());
        if (partition == null) {
            return PartitionWrite.refused(data.index(), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        LogBatch batch;
        try {
            batch = theOneBatch(data, exchange.version());
        } catch (RefusedException refused) {
            return PartitionWrite.refused(partition, data.index(), refused.error());
        }
        if (topic.isInternal() && !ADMIN_CLIENT_ID.equals(exchange.clientId())) {
            return PartitionWrite.refused(partition, data.index(), ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
        if (partition.leader() != exchange.broker().id()) {
            return PartitionWrite.refused(partition, data.index(), ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        ErrorCode obstacle = transactions.obstacle(exchange.request().transactionalId(), batch, partition, exchange.version());
        if (obstacle != ErrorCode.NONE) {
            return refused(partition, obstacle);
        }
        try {
            return PartitionWrite.appended(partition, append(exchange, partition, batch));
        } catch (RefusedException refused) {
            return PartitionWrite.refused(partition, refused);
        }
    }

    /** Only of what was translated do brokers tell more than the code. */
    private static PartitionWrite refused(FakePartition partition, ErrorCode error) {
        if (error == ErrorCode.INVALID_TXN_STATE) {
            return PartitionWrite.refused(partition, error, "Partition was not added to the transaction");
        }
        if (error == ErrorCode.NOT_ENOUGH_REPLICAS) {
            return PartitionWrite.refused(partition, error, "Unable to verify the partition has been added to the transaction");
        }
        return PartitionWrite.refused(partition, partition.index(), error);
    }

    private AppendResult append(Exchange<ProduceRequest, ProduceResponse> exchange, FakePartition partition, LogBatch batch) {
        if (exchange.request().acks() == ACKS_ALL && partition.inSync().size() < partition.requiredInSync()) {
            throw new RefusedException(ErrorCode.NOT_ENOUGH_REPLICAS, "Too few replicas are in sync");
        }
        boolean begunByWriting = batch.header().isTransactional() && transactions.addsByProducing(exchange.version());
        return partition.log().append(batch, partition.leaderEpoch(), begunByWriting);
    }

    private static LogBatch theOneBatch(PartitionProduceData data, int version) {
        byte[] copy = data.records() == null ? new byte[0] : data.records().toByteArray();
        ByteBuffer bytes = ByteBuffer.wrap(copy);
        try {
            RecordBatches batches = RecordBatches.read(bytes);
            @Nullable RecordBatch only = batches.hasNext() ? batches.next() : null;
            if (only == null || batches.hasNext()) {
                throw new RefusedException(ErrorCode.INVALID_RECORD, "A Produce request has one batch for each of its partitions");
            }
            if (only.magic() != 2) {
                throw new RefusedException(ErrorCode.INVALID_RECORD, "A Produce request has batches of version 2, and not " + only.magic());
            }
            if (version < FIRST_WITH_ZSTD && only.compressionType() == CompressionType.ZSTD) {
                throw new RefusedException(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, "Zstd came with version 7 of Produce");
            }
            return new LogBatch(bytes.slice(0, only.sizeInBytes()), only);
        } catch (CorruptRecordException corrupt) {
            throw new RefusedException(ErrorCode.CORRUPT_MESSAGE, String.valueOf(corrupt.getMessage()));
        }
    }

    private static ByteBuffer bytes(PartitionProduceData data) {
        Bytes records = data.records();
        return records == null ? ByteBuffer.allocate(0) : records.toSingleBuffer();
    }
}
