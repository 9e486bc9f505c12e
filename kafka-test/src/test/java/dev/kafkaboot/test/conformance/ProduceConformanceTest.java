package dev.kafkaboot.test.conformance;

import static dev.kafkaboot.test.conformance.Side.batch;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.record.compress.CompressionType;
import dev.kafkaboot.test.fake.TestBatch;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProduceConformanceTest extends ConformanceTest {

    @Test
    void everyVersionIsAnswered() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Producing producing = new Producing(side);
            for (int version = 3; version <= Producing.NEWEST; version++) {
                producing.send("two records", topic, batch("a", "b").bytes(), version);
                producing.send("unknown topic", side.named("nowhere"), batch("a").bytes(), version);
            }
        });
    }

    @Test
    void acksAreOneOrAll() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Producing producing = new Producing(side);
            for (int acks = -2; acks <= 2; acks++) {
                if (acks != 0) {
                    producing.send("acks " + acks, producing.request(topic, acks, batch("a").bytes()), Producing.NEWEST);
                }
            }
        });
    }

    @Test
    void everyCodecIsTaken() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Producing producing = new Producing(side);
            for (CompressionType codec : CompressionType.values()) {
                producing.send(codec + "", topic, batch("a".repeat(300)).compressed(codec).bytes());
                producing.send(codec + "", topic, batch("a".repeat(300)).compressed(codec).bytes(), 6);
                producing.send(codec + "", topic, batch("a".repeat(300)).compressed(codec).bytes(), 7);
            }
        });
    }

    @Test
    void malformedRecordsAreRefused() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Producing producing = new Producing(side);
            producing.send("corrupt", topic, corrupt());
            producing.send("two batches", topic, Bytes.of(batch("a").bytes().toSingleBuffer(), batch("b").bytes().toSingleBuffer()));
            producing.send("no batch", topic, Bytes.EMPTY);
            byte[] shifted = batch("a").bytes().toByteArray();
            shifted[7] = 5;
            producing.send("base offset of 5", topic, Bytes.wrap(shifted));
            producing.send("transactional without an id", topic, batch("a").from(1_000_000, 0, 0).transactional().bytes());
        });
    }

    @Test
    void topicsConfigurationIsHeeded() throws IOException {
        assertAlike(side -> {
            Producing producing = new Producing(side);
            producing.send("too large", side.topic("small", Map.of("max.message.bytes", "200")), batch("a".repeat(400)).bytes());

            String compacted = side.topic("compacted", Map.of("cleanup.policy", "compact"));
            producing.send("without a key", compacted, batch("a", "b").key(null).bytes());
            producing.send("without a key", compacted, batch("a", "b").key(null).bytes(), 7);
            producing.send("without a key, compressed", compacted, batch("a".repeat(200), "b").key(null).compressed(CompressionType.GZIP).bytes());

            long now = System.currentTimeMillis();
            producing.send("from the future", side.topic("orders"), TestBatch.of("a", "b").at(now + 7_200_000).bytes());
            String young = side.topic("young", Map.of("message.timestamp.before.max.ms", "1000"));
            producing.send("from the past", young, TestBatch.of("a").at(now - 100_000).bytes());

            String stamped = side.topic("stamped", Map.of("message.timestamp.type", "LogAppendTime"));
            producing.send("stamped", stamped, batch("a", "b").bytes());
            producing.send("stamped, from the past", stamped, TestBatch.of("a").at(1).bytes());
        });
    }

    @Test
    void onlyTheEndOfTheConnectionTellsOfAnErrorWithoutAcks() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders");
            Producing producing = new Producing(side);
            side.transcript().note("stored", side.ends(producing.request(topic, 0, batch("a").bytes()), 12));
            side.transcript().note("unknown", side.ends(producing.request(side.named("nowhere"), 0, batch("a").bytes()), 12));
            side.transcript().note("corrupt", side.ends(producing.request(topic, 0, corrupt()), 12));
            producing.send("next", topic, batch("a").bytes());
        });
    }

    private static Bytes corrupt() {
        byte[] bytes = batch("a").bytes().toByteArray();
        bytes[bytes.length - 2] ^= 1;
        return Bytes.wrap(bytes);
    }
}
