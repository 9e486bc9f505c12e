package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Fetching.NEWEST;
import static dev.kafkaboot.test.conformance.Side.batch;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FetchConformanceTest extends ConformanceTest {

    @Test
    void everyVersionIsAnswered() throws IOException {
        assertAlike(side -> {
            String topic = filled(side, "orders");
            Fetching fetching = new Fetching(side);
            for (int version = 4; version <= NEWEST; version++) {
                fetching.fetch("all", fetching.request(topic, Fetching.from(0)), version);
                fetching.fetch("unknown topic", fetching.request(side.named("nowhere"), Fetching.from(0)), version);
                fetching.fetch("unknown partition", fetching.request(topic, Fetching.from(0).partition(4)), version);
                fetching.fetch("committed", fetching.request(topic, Fetching.from(0)).isolationLevel((byte) 1), version);
            }
        });
    }

    @Test
    void batchesAreWholeAndOffsetsAreInTheLog() throws IOException {
        assertAlike(side -> {
            String topic = filled(side, "orders");
            Fetching fetching = new Fetching(side);
            fetching.fetch("middle of a batch", topic, 3);
            fetching.fetch("end", topic, 8);
            fetching.fetch("after the end", topic, 9);
            fetching.fetch("before the start", topic, -1);
            fetching.fetch("waits at the end", fetching.request(topic, Fetching.from(8)).maxWaitMs(10), NEWEST);

            String stamped = side.topic("stamped", Map.of("message.timestamp.type", "LogAppendTime"));
            new Producing(side).send("stamped", stamped, batch("a", "b").bytes());
            fetching.fetch("stamped", stamped, 0);
        });
    }

    @Test
    void sizesAreBoundedButTheFirstBatchIsAlwaysSent() throws IOException {
        assertAlike(side -> {
            String topic = filled(side, "orders");
            String other = filled(side, "bills");
            Fetching fetching = new Fetching(side);
            for (int bytes : new int[] {0, 1, 10, 150, 200, 300, 450, 600}) {
                fetching.fetch("partition of " + bytes, fetching.request(topic, Fetching.from(2).partitionMaxBytes(bytes)), NEWEST);
                fetching.fetch("answer of " + bytes, fetching.request(topic, Fetching.from(2)).maxBytes(bytes), NEWEST);
                fetching.fetch("two partitions of " + bytes, Fetching.empty().sessionEpoch(-1).maxBytes(bytes)
                        .topics(List.of(fetching.asked(topic, Fetching.from(0)), fetching.asked(other, Fetching.from(0)))), NEWEST);
            }
        });
    }

    @Test
    void leaderEpochsAreCompared() throws IOException {
        assertAlike(side -> {
            String topic = filled(side, "orders");
            Fetching fetching = new Fetching(side);
            fetching.fetch("current epoch", fetching.request(topic, Fetching.from(0).currentLeaderEpoch(0)), NEWEST);
            fetching.fetch("later epoch", fetching.request(topic, Fetching.from(0).currentLeaderEpoch(7)), NEWEST);
            fetching.fetch("same last epoch", fetching.request(topic, Fetching.from(4).lastFetchedEpoch(0).currentLeaderEpoch(0)), NEWEST);
            fetching.fetch("beyond its last epoch", fetching.request(topic, Fetching.from(9).lastFetchedEpoch(0)), NEWEST);
            fetching.fetch("unknown last epoch", fetching.request(topic, Fetching.from(4).lastFetchedEpoch(3)), NEWEST);
        });
    }

    /** A topic of four batches of two records, each batch younger than the one before however fast they are sent. */
    static String filled(Side side, String name) throws IOException {
        String topic = side.topic(name);
        long start = System.currentTimeMillis() - 1000;
        for (int i = 0; i < 4; i++) {
            new Producing(side).send("fill " + name, topic, batch("a".repeat(50), "b").at(start + 10L * i).bytes());
        }
        return topic;
    }
}
