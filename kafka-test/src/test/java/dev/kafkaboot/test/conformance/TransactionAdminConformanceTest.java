package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DescribeTransactionsRequest;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.ListTransactionsRequest;
import dev.kafkaboot.protocol.message.ListTransactionsResponse;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transactions as an administrator sees them. */
class TransactionAdminConformanceTest extends ConformanceTest {

    /** Lets an id of 0, which would look like none, be somebody else's. */
    private static void takeFirstId(Side side) throws IOException {
        side.askUntil(new InitProducerIdRequest().transactionalId(null), 5, answer -> answer.errorCode() == ErrorCode.NONE.code()); // a broker that has just started has none yet
    }

    private static void describe(Side side, String step, String... ids) throws IOException {
        side.tell(step, new DescribeTransactionsRequest().transactionalIds(List.of(ids)), 0);
    }

    private static void list(Side side, String step, ListTransactionsRequest request, int version) throws IOException {
        ListTransactionsResponse answer = side.ask(request, version);
        side.tell(step, version, answer.transactionStates(answer.transactionStates().stream()
                .filter(state -> state.transactionalId().startsWith(side.named("")))
                .sorted(Comparator.comparing(ListTransactionsResponse.TransactionState::transactionalId))
                .toList()));
    }

    @Test
    void transactionIsDescribedInEachOfItsStates() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            String id = side.named("producer");
            takeFirstId(side);
            Transactional producer = Transactional.of(side, "producer");
            side.askUntil(new DescribeTransactionsRequest().transactionalIds(List.of(id)), 0,
                    answer -> answer.transactionStates().get(0).errorCode() == 105); // that it is not known: the coordinator is ready
            describe(side, "unknown and without a name", id, "");
            producer.init("init");
            describe(side, "empty", id);
            producer.send("send", topic, 0, Transactional.PRODUCE_V2, "a");
            describe(side, "ongoing", id);
            producer.end("commit", true, Transactional.END_V2);
            new Offsets(side).awaitStable(topic, 2);
            awaitState(side, id, "CompleteCommit");
            describe(side, "committed", id);
            producer.send("send", topic, 0, Transactional.PRODUCE_V2, "a");
            producer.end("abort", false, Transactional.END_V2);
            new Offsets(side).awaitStable(topic, 4);
            awaitState(side, id, "CompleteAbort");
            describe(side, "aborted", id);
        });
    }

    private static void awaitState(Side side, String id, String state) throws IOException {
        side.askUntil(new DescribeTransactionsRequest().transactionalIds(List.of(id)), 0,
                answer -> answer.transactionStates().get(0).transactionState().equals(state));
    }

    @Test
    void transactionsAreFiltered() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            takeFirstId(side);
            Transactional empty = Transactional.of(side, "empty");
            empty.init("init");
            Transactional ongoing = Transactional.of(side, "ongoing");
            ongoing.init("init");
            ongoing.send("send", topic, 0, Transactional.PRODUCE_V2, "a");
            for (int version = 0; version <= 2; version++) {
                list(side, "all", new ListTransactionsRequest(), version);
                list(side, "by state", new ListTransactionsRequest().stateFilters(List.of("Ongoing", "Running", "empty")), version);
                list(side, "by producer", new ListTransactionsRequest().producerIdFilters(List.of(empty.producerId, 987_654L)), version);
            }
            list(side, "an hour old", new ListTransactionsRequest().durationFilter(3_600_000), 1);
            list(side, "by pattern", new ListTransactionsRequest().transactionalIdPattern(".*-empty"), 2);
            list(side, "by the beginning", new ListTransactionsRequest().transactionalIdPattern("Transaction"), 2);
            list(side, "by an empty pattern", new ListTransactionsRequest().transactionalIdPattern(""), 2);
            list(side, "by a wrong pattern", new ListTransactionsRequest().transactionalIdPattern("(["), 2);
            ongoing.end("abort", false, Transactional.END_V2);
        });
    }
}
