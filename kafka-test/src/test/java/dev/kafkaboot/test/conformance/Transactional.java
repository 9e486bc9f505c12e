package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Transcript.error;
import static dev.kafkaboot.test.conformance.Transcript.text;

import dev.kafkaboot.protocol.message.AddOffsetsToTxnRequest;
import dev.kafkaboot.protocol.message.AddOffsetsToTxnResponse;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnResponse;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.EndTxnResponse;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.InitProducerIdResponse;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse;
import java.io.IOException;
import java.util.List;

/** A transactional producer that believes in the id and epoch that it was last given, or that the scenario gives it. */
final class Transactional {

    /** Versions of before KIP-890's second part, which made Produce begin a transaction and EndTxn raise the epoch. */
    static final int PRODUCE_V1 = 11;
    static final int END_V1 = 4;
    static final int PRODUCE_V2 = 12;
    static final int END_V2 = 5;

    static final int MINUTE_MILLIS = 60_000;

    private final Side side;
    private final String id;
    long producerId = -1;
    int epoch = -1;

    private Transactional(Side side, String id) {
        this.side = side;
        this.id = id;
    }

    static Transactional of(Side side, String name) throws IOException {
        String id = side.named(name);
        side.awaitCoordinator(CoordinatorKind.TRANSACTION, id);
        return new Transactional(side, id);
    }

    void init(String step) throws IOException {
        init(step, 5, MINUTE_MILLIS, -1, -1);
    }

    /** Asks for the next epoch, as this producer or one that says it is. */
    void initAs(String step, long expectedId, int expectedEpoch) throws IOException {
        init(step, 5, MINUTE_MILLIS, expectedId, expectedEpoch);
    }

    void init(String step, int version, int timeoutMillis, long expectedId, int expectedEpoch) throws IOException {
        var request = request(timeoutMillis, expectedId, expectedEpoch);
        adopt(step + " v" + version, side.askWhenIdle(request, version, InitProducerIdResponse::errorCode));
    }

    /** Takes what the coordinator says at once, also that it is busy. */
    void initAtOnce(String step) throws IOException {
        adopt(step, side.ask(request(MINUTE_MILLIS, -1, -1), 5));
    }

    private InitProducerIdRequest request(int timeoutMillis, long expectedId, int expectedEpoch) {
        return new InitProducerIdRequest()
                .transactionalId(id)
                .transactionTimeoutMs(timeoutMillis)
                .producerId(expectedId)
                .producerEpoch((short) expectedEpoch);
    }

    private void adopt(String step, InitProducerIdResponse answer) {
        side.transcript().note(step, error(answer.errorCode()), side.transcript().id("producer", answer.producerId()), answer.producerEpoch());
        if (answer.errorCode() == 0) {
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
        }
    }

    void add(String step, String topic) throws IOException {
        add(step, topic, 3);
    }

    void add(String step, String topic, int version) throws IOException {
        var request = new AddPartitionsToTxnRequest()
                .v3AndBelowTransactionalId(id)
                .v3AndBelowProducerId(producerId)
                .v3AndBelowProducerEpoch((short) epoch)
                .v3AndBelowTopics(List.of(new AddPartitionsToTxnTopic().name(topic).partitions(List.of(0))));
        side.transcript().note(step + " v" + version, error(only(side.askWhenIdle(request, version, Transactional::only))));
    }

    private static short only(AddPartitionsToTxnResponse answer) {
        return answer.resultsByTopicV3AndBelow().get(0).resultsByPartition().get(0).partitionErrorCode();
    }

    void send(String step, String topic, int sequence, int version, String... values) throws IOException {
        ProduceRequest request = new Producing(side)
                .request(topic, Producing.ALL, Side.batch(values).from(producerId, epoch, sequence).transactional().bytes())
                .transactionalId(id);
        var answer = Producing.only(side.askWhenIdle(request, version, each -> Producing.only(each).errorCode()));
        side.transcript().note(step + " v" + version, error(answer.errorCode()), answer.baseOffset(), text(answer.errorMessage()));
    }

    /** Ends the transaction, and goes on with the epoch that a new version answers. */
    void end(String step, boolean commit, int version) throws IOException {
        EndTxnResponse answer = askForEnd(step, commit, version);
        if (version >= END_V2 && answer.errorCode() == 0) {
            producerId = answer.producerId();
            epoch = answer.producerEpoch();
        }
    }

    /** Ends the transaction, as if the answer were lost. */
    EndTxnResponse askForEnd(String step, boolean commit, int version) throws IOException {
        var request = new EndTxnRequest().transactionalId(id).producerId(producerId).producerEpoch((short) epoch).committed(commit);
        EndTxnResponse answer = side.askWhenIdle(request, version, EndTxnResponse::errorCode);
        side.transcript().note(step + " v" + version,
                error(answer.errorCode()), side.transcript().id("producer", answer.producerId()), answer.producerEpoch());
        return answer;
    }

    void addGroup(String step, String group) throws IOException {
        var request = new AddOffsetsToTxnRequest().transactionalId(id).producerId(producerId).producerEpoch((short) epoch).groupId(group);
        side.transcript().note(step, error(side.askWhenIdle(request, 3, AddOffsetsToTxnResponse::errorCode).errorCode()));
    }

    void commitOffset(String step, String group, String topic, int version) throws IOException {
        var request = new TxnOffsetCommitRequest()
                .transactionalId(id)
                .producerId(producerId)
                .producerEpoch((short) epoch)
                .groupId(group)
                .topics(List.of(new TxnOffsetCommitRequestTopic().name(topic).partitions(
                        List.of(new TxnOffsetCommitRequestPartition().committedOffset(5)))));
        side.transcript().note(step + " v" + version, error(only(side.askWhenIdle(request, version, Transactional::only))));
    }

    private static short only(TxnOffsetCommitResponse answer) {
        return answer.topics().get(0).partitions().get(0).errorCode();
    }
}
