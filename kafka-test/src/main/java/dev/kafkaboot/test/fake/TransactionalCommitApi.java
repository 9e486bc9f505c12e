package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import dev.kafkaboot.test.fake.Transaction.ProducerIdentity;

/** TxnOffsetCommit: offsets of a group that count when the producer's transaction is committed. */
final class TransactionalCommitApi {

    private final FakeKafka cluster;
    private final TransactionalWrites writes;

    private TransactionalCommitApi(FakeKafka cluster) {
        this.cluster = cluster;
        this.writes = new TransactionalWrites(cluster);
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        apis.add(new Api<>(TxnOffsetCommitRequest::new, new TransactionalCommitApi(cluster)::commit, TransactionalCommitApi::failure));
    }

    private void commit(Exchange<TxnOffsetCommitRequest, TxnOffsetCommitResponse> exchange) {
        TxnOffsetCommitRequest request = exchange.request();
        ErrorCode obstacle = cluster.coordinators().check(CoordinatorType.GROUP, request.groupId(), exchange.broker());
        if (obstacle == ErrorCode.NONE) {
            ProducerIdentity producer = new ProducerIdentity(request.producerId(), request.producerEpoch());
            obstacle = writes.obstacle(request.transactionalId(), producer, request.groupId(), exchange.version());
        }
        exchange.reply(obstacle == ErrorCode.NONE
                ? cluster.transactions().offsets().stage(request, exchange.version())
                : failure(request, exchange.version(), obstacle));
    }

    private static TxnOffsetCommitResponse failure(TxnOffsetCommitRequest request, short version, ErrorCode error) {
        return new TxnOffsetCommitResponse().topics(request.topics().stream()
                .map(topic -> new TxnOffsetCommitResponseTopic().name(topic.name()).partitions(
                        topic.partitions().stream()
                                .map(partition -> new TxnOffsetCommitResponsePartition()
                                        .partitionIndex(partition.partitionIndex())
                                        .errorCode(error.code()))
                                .toList()))
                .toList());
    }
}
