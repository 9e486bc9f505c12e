package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.EndTxnResponse;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.InitProducerIdResponse;
import dev.kafkaboot.test.fake.Transaction.ProducerIdentity;

/** InitProducerId and EndTxn: how a producer comes into being, and how each of its transactions ends. */
final class TransactionApis {

    /** Before it, InitProducerId has no PRODUCER_FENCED. */
    private static final int FIRST_INIT_WITH_FENCED = 4;

    /** Before it, EndTxn has no PRODUCER_FENCED. */
    private static final int FIRST_END_WITH_FENCED = 2;

    /** From this version on EndTxn bumps the epoch (KIP-890). */
    private static final int FIRST_END_WITH_EPOCH = 5;

    private final FakeKafka cluster;
    private final Transactions transactions;

    private TransactionApis(FakeKafka cluster) {
        this.cluster = cluster;
        this.transactions = cluster.transactions();
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        TransactionApis own = new TransactionApis(cluster);
        apis.add(new Api<>(InitProducerIdRequest::new, own::init, TransactionApis::initFailure));
        apis.add(new Api<>(EndTxnRequest::new, own::end, TransactionApis::endFailure));
    }

    private void init(Exchange<InitProducerIdRequest, InitProducerIdResponse> exchange) {
        try {
            ProducerIdentity producer = init(exchange.request(), exchange.broker());
            ProducerIdentity kept = kept(exchange.request());
            exchange.reply(new InitProducerIdResponse()
                    .producerId(producer.producerId())
                    .producerEpoch(producer.epoch())
                    .ongoingTxnProducerId(kept.producerId())
                    .ongoingTxnProducerEpoch(kept.epoch()));
        } catch (RefusedException refused) {
            exchange.reply(initFailure(exchange.request(), exchange.version(), refused.error()));
        }
    }

    private ProducerIdentity init(InitProducerIdRequest request, FakeBroker broker) {
        String transactionalId = request.transactionalId();
        boolean hasId = request.producerId() != Transaction.NO_ID;
        boolean hasEpoch = request.producerEpoch() != Transaction.NO_EPOCH;
        if (hasId != hasEpoch) {
            throw Transactions.refused(ErrorCode.INVALID_REQUEST);
        }
        if (transactionalId == null) {
            return new ProducerIdentity(transactions.newProducerId(), (short) 0);
        }
        requireCoordinator(broker, transactionalId);
        TwoPhaseCommit allowed = cluster.settings().twoPhaseCommit();
        if (request.enable2Pc() && (allowed == TwoPhaseCommit.UNKNOWN || allowed == TwoPhaseCommit.REFUSED)) {
            throw Transactions.refused(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        if (request.keepPreparedTxn() && allowed != TwoPhaseCommit.COMPLETE) {
            throw Transactions.refused(ErrorCode.UNSUPPORTED_VERSION);
        }
        ProducerIdentity current = new ProducerIdentity(request.producerId(), request.producerEpoch());
        int timeoutMillis = request.enable2Pc() ? Transaction.NO_TIMEOUT : Math.min(request.transactionTimeoutMs(), Transaction.NO_TIMEOUT - 1);
        return request.keepPreparedTxn()
                ? transactions.initAndKeep(transactionalId, timeoutMillis, current)
                : transactions.init(transactionalId, timeoutMillis, current);
    }

    /** Whose transaction was kept. */
    private ProducerIdentity kept(InitProducerIdRequest request) {
        String transactionalId = request.transactionalId();
        Transaction transaction = transactionalId == null ? null : transactions.find(transactionalId);
        return transaction == null || transaction.keeper == null ? ProducerIdentity.NONE : transaction.writer();
    }

    private void requireCoordinator(FakeBroker broker, String transactionalId) {
        ErrorCode error = cluster.coordinators().check(CoordinatorType.TRANSACTION, transactionalId, broker);
        if (error != ErrorCode.NONE) {
            throw Transactions.refused(error);
        }
    }

    private static InitProducerIdResponse initFailure(InitProducerIdRequest request, short version, ErrorCode error) {
        ErrorCode spoken = version < FIRST_INIT_WITH_FENCED && error == ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : error;
        return new InitProducerIdResponse().errorCode(spoken.code()).producerEpoch(Transaction.NO_EPOCH);
    }

    private void end(Exchange<EndTxnRequest, EndTxnResponse> exchange) {
        EndTxnRequest request = exchange.request();
        try {
            requireCoordinator(exchange.broker(), request.transactionalId());
            boolean bumpsTheEpoch =
                    exchange.version() >= FIRST_END_WITH_EPOCH && TransactionFeature.bumpsEpochs(cluster.settings());
            ProducerIdentity current = new ProducerIdentity(request.producerId(), request.producerEpoch());
            ProducerIdentity next = transactions.end(request.transactionalId(), current, request.committed(), bumpsTheEpoch);
            EndTxnResponse response = new EndTxnResponse();
            exchange.reply(exchange.version() < FIRST_END_WITH_EPOCH
                    ? response
                    : response.producerId(next.producerId()).producerEpoch(next.epoch()));
        } catch (RefusedException refused) {
            exchange.reply(endFailure(request, exchange.version(), refused.error()));
        }
    }

    private static EndTxnResponse endFailure(EndTxnRequest request, short version, ErrorCode error) {
        ErrorCode spoken = version < FIRST_END_WITH_FENCED && error == ErrorCode.PRODUCER_FENCED ? ErrorCode.INVALID_PRODUCER_EPOCH : error;
        return new EndTxnResponse().errorCode(spoken.code());
    }
}
