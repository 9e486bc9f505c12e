package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Side.batch;
import static dev.kafkaboot.test.conformance.Transcript.error;

import dev.kafkaboot.protocol.message.DescribeProducersRequest;
import dev.kafkaboot.protocol.message.DescribeProducersRequest.TopicRequest;
import dev.kafkaboot.protocol.message.DescribeProducersResponse.PartitionResponse;
import dev.kafkaboot.protocol.message.DescribeProducersResponse.ProducerState;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdempotenceConformanceTest extends ConformanceTest {

    private static final long PRODUCER = 1_000_000;

    @Test
    void fiveBatchesAreRemembered() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Producing producing = new Producing(side);
            for (int sequence = 0; sequence < 6; sequence++) {
                producing.send("first time " + sequence, topic, batch("a").from(PRODUCER, 0, sequence).bytes());
            }
            for (int sequence = 5; sequence >= 0; sequence--) {
                producing.send("again " + sequence, topic, batch("a").from(PRODUCER, 0, sequence).bytes());
            }
            producing.send("gap", topic, batch("a").from(PRODUCER, 0, 9).bytes());
            producing.send("overlap", topic, batch("a", "b").from(PRODUCER, 0, 5).bytes());
        });
    }

    @Test
    void newEpochBeginsAtZero() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Producing producing = new Producing(side);
            producing.send("epoch 0", topic, batch("a").from(PRODUCER, 0, 0).bytes());
            producing.send("epoch 1 at 3", topic, batch("a").from(PRODUCER, 1, 3).bytes());
            producing.send("epoch 1 at 0", topic, batch("a").from(PRODUCER, 1, 0).bytes());
            producing.send("epoch 0 at 1", topic, batch("a").from(PRODUCER, 0, 1).bytes());
            producing.send("epoch 0 at 0", topic, batch("a").from(PRODUCER, 0, 0).bytes());
            producing.send("unknown producer at 7", topic, batch("a").from(PRODUCER + 1, 4, 7).bytes());
            producing.send("no sequence", topic, batch("a").from(PRODUCER + 2, 0, -1).bytes());
            noteProducers(side, topic);
        });
    }

    @Test
    void sequenceWrapsAround() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Producing producing = new Producing(side);
            producing.send("across the end", topic, batch("a", "b", "c").from(PRODUCER, 0, Integer.MAX_VALUE - 1).bytes());
            producing.send("after it", topic, batch("a").from(PRODUCER, 0, 1).bytes());
            producing.send("across the end again", topic, batch("a", "b", "c").from(PRODUCER, 0, Integer.MAX_VALUE - 1).bytes());
            noteProducers(side, topic);
        });
    }

    @Test
    void duplicateKeepsTheTimeOfItsFirstArrival() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("stamped", Map.of("message.timestamp.type", "LogAppendTime"));
            Producing producing = new Producing(side);
            producing.send("first time", topic, batch("a").from(PRODUCER, 0, 0).bytes());
            producing.send("again", topic, batch("a").from(PRODUCER, 0, 0).bytes());
        });
    }

    private static void noteProducers(Side side, String topic) throws IOException {
        var request = new DescribeProducersRequest().topics(List.of(new TopicRequest().name(topic).partitionIndexes(List.of(0, 3))));
        for (PartitionResponse partition : side.ask(request, 0).topics().get(0).partitions()) {
            side.transcript().note("producers of " + partition.partitionIndex(), error(partition.errorCode()), partition.activeProducers().stream()
                    .sorted(Comparator.comparingLong(ProducerState::producerId))
                    .map(state -> List.of(
                            state.producerId(), state.producerEpoch(), state.lastSequence(), state.coordinatorEpoch(), state.currentTxnStartOffset()))
                    .toList());
        }
    }
}
