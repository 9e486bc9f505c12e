package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.message.DescribeLogDirsRequest;
import dev.kafkaboot.protocol.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import dev.kafkaboot.protocol.message.DescribeLogDirsResponse;
import dev.kafkaboot.protocol.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import dev.kafkaboot.protocol.message.DescribeLogDirsResponse.DescribeLogDirsTopic;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What brokers keep, and how much of it. */
class LogDirsConformanceTest extends ConformanceTest {

    private static void describe(Side side, String step, @Nullable List<DescribableLogDirTopic> topics, int version) throws IOException {
        DescribeLogDirsResponse answer = side.ask(new DescribeLogDirsRequest().topics(topics), version);
        answer.results().forEach(directory -> directory.topics(directory.topics().stream()
                .filter(topic -> topic.name().startsWith(side.named("")))
                .sorted(Comparator.comparing(DescribeLogDirsTopic::name))
                .map(topic -> topic.partitions(topic.partitions().stream()
                        .sorted(Comparator.comparingInt(DescribeLogDirsPartition::partitionIndex))
                        .toList()))
                .toList()));
        side.tell(step, version, answer);
    }

    private static DescribableLogDirTopic asked(String topic, Integer... partitions) {
        return new DescribableLogDirTopic().topic(topic).partitions(List.of(partitions));
    }

    @Test
    void sizesOfPartitionsAreTold() throws IOException {
        assertAlike(side -> {
            String filled = FetchConformanceTest.filled(side, "filled");
            String topic = side.topic("orders", 2, Map.of());
            for (int version = 1; version <= 5; version++) {
                describe(side, "all", null, version);
                describe(side, "some", List.of(asked(filled, 0), asked(topic, 1)), version);
                describe(side, "unknown", List.of(asked(side.named("nowhere"), 0), asked(topic, 7)), version);
                describe(side, "none", List.of(), version);
            }
        });
    }
}
