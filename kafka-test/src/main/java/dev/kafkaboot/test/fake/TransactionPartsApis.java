package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.AddOffsetsToTxnRequest;
import dev.kafkaboot.protocol.message.AddOffsetsToTxnResponse;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnResponse;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import dev.kafkaboot.test.fake.Transaction.ProducerIdentity;
import java.util.List;
import java.util.Objects;

/** AddPartitionsToTxn and AddOffsetsToTxn: what takes part in a transaction. */
final class TransactionPartsApis {

    /** Before it, these APIs have no PRODUCER_FENCED. */
    private static final int FIRST_WITH_FENCED = 2;

    /** From this version on AddPartitionsToTxn is for brokers, and asks for several transactions at once. */
    private static final int FIRST_WITH_SEVERAL = 4;

    private final FakeKafka cluster;
    private final Transactions transactions;

    private TransactionPartsApis(FakeKafka cluster) {
        this.cluster = cluster;
        this.transactions = cluster.transactions();
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        TransactionPartsApis own = new TransactionPartsApis(cluster);
        apis.add(new Api<>(AddPartitionsToTxnRequest::new, own::addPartitions, TransactionPartsApis::partitionsFailure));
        apis.add(new Api<>(AddOffsetsToTxnRequest::new, own::addOffsets, TransactionPartsApis::offsetsFailure));
    }

    private void addPartitions(Exchange<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse> exchange) {
        AddPartitionsToTxnRequest request = exchange.request();
        AddPartitionsToTxnResponse response = new AddPartitionsToTxnResponse();
        if (exchange.version() >= FIRST_WITH_SEVERAL) {
            exchange.reply(response.resultsByTransaction(request.transactions().stream()
                    .map(asked -> new AddPartitionsToTxnResult()
                            .transactionalId(asked.transactionalId())
                            .topicResults(add(exchange.broker(), exchange.version(), asked)))
                    .toList()));
        } else {
            exchange.reply(response.resultsByTopicV3AndBelow(add(exchange.broker(), exchange.version(), onlyTransaction(request))));
        }
    }

    private static AddPartitionsToTxnTransaction onlyTransaction(AddPartitionsToTxnRequest request) {
        return new AddPartitionsToTxnTransaction()
                .transactionalId(request.v3AndBelowTransactionalId())
                .producerId(request.v3AndBelowProducerId())
                .producerEpoch(request.v3AndBelowProducerEpoch())
                .topics(request.v3AndBelowTopics());
    }

    private List<AddPartitionsToTxnTopicResult> add(FakeBroker broker, int version, AddPartitionsToTxnTransaction asked) {
        String transactionalId = asked.transactionalId();
        ErrorCode obstacle = check(broker, transactionalId);
        if (obstacle != ErrorCode.NONE) {
            return results(asked.topics(), (topic, index) -> obstacle);
        }
        boolean allExist = asked.topics().stream()
                .allMatch(topic -> topic.partitions().stream().allMatch(index -> cluster.topics().find(topic.name(), index) != null));
        if (!allExist) {
            return results(asked.topics(), (topic, index) -> cluster.topics().find(topic, index) == null
                    ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                    : ErrorCode.OPERATION_NOT_ATTEMPTED);
        }
        ProducerIdentity producer = new ProducerIdentity(asked.producerId(), asked.producerEpoch());
        return results(asked.topics(), (topic, index) -> {
            FakePartition partition = Objects.requireNonNull(cluster.topics().find(topic, index));
            ErrorCode error = asked.verifyOnly()
                    ? transactions.verifyPartition(transactionalId, producer, partition)
                    : transactions.addPartition(transactionalId, producer, partition);
            return spoken(error, version);
        });
    }

    private ErrorCode check(FakeBroker broker, String transactionalId) {
        return cluster.coordinators().check(CoordinatorType.TRANSACTION, transactionalId, broker);
    }

    private static ErrorCode spoken(ErrorCode error, int version) {
        return version < FIRST_WITH_FENCED && error == ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : error;
    }

    /** Tells what became of a partition. */
    @FunctionalInterface
    private interface Outcome {

        ErrorCode of(String topic, int partition);
    }

    private static List<AddPartitionsToTxnTopicResult> results(List<AddPartitionsToTxnTopic> topics, Outcome outcome) {
        return topics.stream()
                .map(topic -> new AddPartitionsToTxnTopicResult().name(topic.name()).resultsByPartition(topic.partitions().stream()
                        .map(index -> new AddPartitionsToTxnPartitionResult()
                                .partitionIndex(index)
                                .partitionErrorCode(outcome.of(topic.name(), index).code()))
                        .toList()))
                .toList();
    }

    private static AddPartitionsToTxnResponse partitionsFailure(AddPartitionsToTxnRequest request, short version, ErrorCode error) {
        AddPartitionsToTxnResponse response = new AddPartitionsToTxnResponse();
        return version >= FIRST_WITH_SEVERAL
                ? response.errorCode(error.code())
                : response.resultsByTopicV3AndBelow(results(request.v3AndBelowTopics(), (topic, index) -> error));
    }

    private void addOffsets(Exchange<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse> exchange) {
        AddOffsetsToTxnRequest request = exchange.request();
        String transactionalId = request.transactionalId();
        ErrorCode error = check(exchange.broker(), transactionalId);
        if (error == ErrorCode.NONE) {
            ProducerIdentity producer = new ProducerIdentity(request.producerId(), request.producerEpoch());
            error = transactions.addGroup(transactionalId, producer, request.groupId());
        }
        exchange.reply(new AddOffsetsToTxnResponse().errorCode(spoken(error, exchange.version()).code()));
    }

    private static AddOffsetsToTxnResponse offsetsFailure(AddOffsetsToTxnRequest request, short version, ErrorCode error) {
        return new AddOffsetsToTxnResponse().errorCode(error.code());
    }
}
