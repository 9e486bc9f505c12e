package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Offsets.EARLIEST;
import static dev.kafkaboot.test.conformance.Offsets.LARGEST_TIMESTAMP;
import static dev.kafkaboot.test.conformance.Offsets.LATEST;
import static dev.kafkaboot.test.conformance.Offsets.NEWEST;
import static dev.kafkaboot.test.conformance.Side.batch;

import dev.kafkaboot.protocol.message.ListOffsetsRequest.ListOffsetsPartition;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OffsetConformanceTest extends ConformanceTest {

    @Test
    void everyVersionKnowsItsTimestamps() throws IOException {
        assertAlike(side -> {
            String topic = FetchConformanceTest.filled(side, "orders");
            Offsets offsets = new Offsets(side);
            long later = System.currentTimeMillis() + 100_000;
            for (int version = 1; version <= NEWEST; version++) {
                for (long timestamp = LATEST; timestamp >= -7; timestamp--) {
                    offsets.list("at " + timestamp, topic, new ListOffsetsPartition().timestamp(timestamp), version);
                }
                offsets.list("at 0", topic, new ListOffsetsPartition().timestamp(0), version);
                offsets.list("later", topic, new ListOffsetsPartition().timestamp(later), version);
            }
        });
    }

    @Test
    void epochsTopicsAndEmptyLogsAreChecked() throws IOException {
        assertAlike(side -> {
            String topic = FetchConformanceTest.filled(side, "orders");
            Offsets offsets = new Offsets(side);
            offsets.list("current epoch", topic, new ListOffsetsPartition().timestamp(LATEST).currentLeaderEpoch(0), NEWEST);
            offsets.list("later epoch", topic, new ListOffsetsPartition().timestamp(LATEST).currentLeaderEpoch(5), NEWEST);
            offsets.list("unknown partition", topic, new ListOffsetsPartition().timestamp(LATEST).partitionIndex(5), NEWEST);
            offsets.list("unknown topic", side.named("nowhere"), LATEST);

            String empty = side.topic("empty");
            for (long timestamp : new long[] {LATEST, EARLIEST, LARGEST_TIMESTAMP, 0}) {
                offsets.list("empty at " + timestamp, empty, timestamp);
            }
            String stamped = side.topic("stamped", Map.of("message.timestamp.type", "LogAppendTime"));
            new Producing(side).send("stamped", stamped, batch("a", "b").bytes());
            offsets.list("stamped at 0", stamped, 0);
            offsets.list("stamped largest", stamped, LARGEST_TIMESTAMP);
        });
    }

    @Test
    void epochsEndWhereTheLogSays() throws IOException {
        assertAlike(side -> {
            String topic = FetchConformanceTest.filled(side, "orders");
            Offsets offsets = new Offsets(side);
            for (int epoch = -1; epoch <= 1; epoch++) {
                offsets.endOfEpoch(topic, epoch, -1);
                offsets.endOfEpoch(topic, epoch, 0);
                offsets.endOfEpoch(topic, epoch, 3);
            }
            offsets.endOfEpoch(side.named("nowhere"), 0, 0);
        });
    }

    @Test
    void deletedRecordsAreGone() throws IOException {
        assertAlike(side -> {
            String topic = FetchConformanceTest.filled(side, "orders");
            new Producing(side).send("last", topic, batch("a").bytes());
            Offsets offsets = new Offsets(side);
            Fetching fetching = new Fetching(side);
            for (long offset : new long[] {3, 1, 99, -2}) {
                offsets.deleteBefore(topic, offset);
            }
            fetching.fetch("first that is left", topic, 3);
            fetching.fetch("deleted", topic, 2);
            offsets.list("earliest", topic, EARLIEST);
            offsets.list("at 0", topic, 0);

            offsets.deleteBefore(topic, -1);
            fetching.fetch("all deleted", topic, 3);
            fetching.fetch("end", topic, 9);
            offsets.list("earliest", topic, EARLIEST);
            offsets.list("largest timestamp after all are deleted", topic, LARGEST_TIMESTAMP);
        });
    }

    @Test
    void notEveryTopicsRecordsCanBeDeleted() throws IOException {
        assertAlike(side -> {
            Offsets offsets = new Offsets(side);
            offsets.deleteBefore(side.named("nowhere"), 3);
            offsets.deleteBefore(side.topic("empty"), 3);
            offsets.deleteBefore(side.topic("compacted", Map.of("cleanup.policy", "compact")), 3);
        });
    }

    @Test
    void deletingForgetsNoProducer() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Producing producing = new Producing(side);
            producing.send("first", topic, batch("a").from(1_000_000, 0, 0).bytes());
            new Offsets(side).deleteBefore(topic, -1);
            producing.send("again", topic, batch("a").from(1_000_000, 0, 0).bytes());
            producing.send("next", topic, batch("a").from(1_000_000, 0, 1).bytes());
        });
    }
}
