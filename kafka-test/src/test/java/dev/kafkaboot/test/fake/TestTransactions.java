package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.AddOffsetsToTxnRequest;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.EndTxnResponse;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.InitProducerIdResponse;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import java.util.List;
import java.util.Map;

/** The requests of a transactional producer, to a cluster of which one broker leads everything. */
final class TestTransactions {

    /** Versions of before KIP-890's second part. */
    static final int END_V1 = 4;

    static final int PRODUCE_V1 = 11;
    static final int END_V2 = 5;
    static final int PRODUCE_V2 = 12;

    private final FakeKafka cluster;
    private final TestClient client;
    private final String transactionalId;
    long producerId = -1;
    int epoch = -1;

    TestTransactions(FakeKafka cluster, TestClient client, String transactionalId) {
        this.cluster = cluster;
        this.client = client;
        this.transactionalId = transactionalId;
    }

    /** Creates what FindCoordinator would. */
    static void createInternalTopics(FakeKafka cluster) {
        cluster.topics().create(CoordinatorType.TRANSACTION.topic(), 50, 1, Map.of(), /* internal= */ true);
        cluster.topics().create(CoordinatorType.GROUP.topic(), 50, 1, Map.of(), /* internal= */ true);
    }

    InitProducerIdResponse askForId(int timeoutMillis, long expectedId, int expectedEpoch) {
        return client.ask(new InitProducerIdRequest()
                .transactionalId(transactionalId)
                .transactionTimeoutMs(timeoutMillis)
                .producerId(expectedId)
                .producerEpoch((short) expectedEpoch));
    }

    ErrorCode init() {
        return initWith(60_000);
    }

    ErrorCode initWith(int timeoutMillis) {
        return adopt(askForId(timeoutMillis, -1, -1));
    }

    /** Asks for the next epoch, as this producer. */
    ErrorCode initAgain() {
        return adopt(askForId(60_000, producerId, epoch));
    }

    private ErrorCode adopt(InitProducerIdResponse answer) {
        ErrorCode error = ErrorCode.forCode(answer.errorCode());
        if (error == ErrorCode.NONE) {
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
        }
        return error;
    }

    ErrorCode add(String topic, int version) {
        AddPartitionsToTxnTopic asked = new AddPartitionsToTxnTopic().name(topic).partitions(List.of(0));
        AddPartitionsToTxnRequest request = version < 4
                ? new AddPartitionsToTxnRequest()
                        .v3AndBelowTransactionalId(transactionalId)
                        .v3AndBelowProducerId(producerId)
                        .v3AndBelowProducerEpoch((short) epoch)
                        .v3AndBelowTopics(List.of(asked))
                : new AddPartitionsToTxnRequest().transactions(List.of(new AddPartitionsToTxnTransaction()
                        .transactionalId(transactionalId)
                        .producerId(producerId)
                        .producerEpoch((short) epoch)
                        .topics(List.of(asked))));
        var answer = client.ask(request, version);
        var topics = version < 4 ? answer.resultsByTopicV3AndBelow() : answer.resultsByTransaction().get(0).topicResults();
        return ErrorCode.forCode(topics.get(0).resultsByPartition().get(0).partitionErrorCode());
    }

    ErrorCode addGroup(String group) {
        return ErrorCode.forCode(client.ask(new AddOffsetsToTxnRequest()
                .transactionalId(transactionalId)
                .producerId(producerId)
                .producerEpoch((short) epoch)
                .groupId(group))
                .errorCode());
    }

    ErrorCode commitOffset(String group, String topic, long offset, int version) {
        return ErrorCode.forCode(client.ask(new TxnOffsetCommitRequest()
                .transactionalId(transactionalId)
                .producerId(producerId)
                .producerEpoch((short) epoch)
                .groupId(group)
                .topics(List.of(new TxnOffsetCommitRequestTopic().name(topic).partitions(
                        List.of(new TxnOffsetCommitRequestPartition().committedOffset(offset))))), version)
                .topics().get(0).partitions().get(0).errorCode());
    }

    ErrorCode send(String topic, int sequence, int version, String... values) {
        return ErrorCode.forCode(LogRequests.only(client.ask(
                LogRequests.produce(cluster, topic, LogRequests.ALL,
                        TestBatch.of(values).from(producerId, epoch, sequence).transactional().bytes())
                        .transactionalId(transactionalId), version))
                .errorCode());
    }

    /** Ends the transaction, and goes on with the epoch that the answer gives, if it does. */
    ErrorCode end(boolean commit, int version) {
        EndTxnResponse answer = askForEnd(commit, version);
        ErrorCode error = ErrorCode.forCode(answer.errorCode());
        if (error == ErrorCode.NONE && version >= END_V2) {
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
        }
        return error;
    }

    EndTxnResponse askForEnd(boolean commit, int version) {
        return client.ask(new EndTxnRequest()
                .transactionalId(transactionalId)
                .producerId(producerId)
                .producerEpoch((short) epoch)
                .committed(commit), version);
    }
}
