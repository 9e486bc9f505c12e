package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DescribeLogDirsRequest;
import dev.kafkaboot.protocol.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import dev.kafkaboot.protocol.message.DescribeLogDirsResponse;
import dev.kafkaboot.protocol.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import dev.kafkaboot.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import dev.kafkaboot.protocol.message.DescribeLogDirsResponse.DescribeLogDirsTopic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DescribeLogDirs: what each broker keeps. There is one directory on each, and room for more than anybody would keep there. */
final class DescribeLogDirsApi {

    private static final long TOTAL_BYTES = 1L << 40;

    private final FakeKafka cluster;

    private DescribeLogDirsApi(FakeKafka cluster) {
        this.cluster = cluster;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        DescribeLogDirsApi own = new DescribeLogDirsApi(cluster);
        apis.add(new Api<>(
                DescribeLogDirsRequest::new, own::describe, (request, version, error) -> new DescribeLogDirsResponse().errorCode(error.code())));
    }

    private void describe(Exchange<DescribeLogDirsRequest, DescribeLogDirsResponse> exchange) {
        FakeBroker broker = exchange.broker();
        List<FakePartition> held = cluster.allTopics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(partition -> partition.replicas().contains(broker.id()))
                .toList();
        long used = held.stream().mapToLong(partition -> partition.log().sizeInBytes()).sum();
        List<DescribableLogDirTopic> asked = exchange.request().topics();
        exchange.reply(new DescribeLogDirsResponse().results(List.of(new DescribeLogDirsResult()
                .logDir("/fake-kafka/broker-" + broker.id())
                .topics(topics(held, asked))
                .totalBytes(TOTAL_BYTES)
                .usableBytes(TOTAL_BYTES - used))));
    }

    private List<DescribeLogDirsTopic> topics(List<FakePartition> held, @Nullable List<DescribableLogDirTopic> asked) {
        return cluster.allTopics().stream()
                .map(topic -> new DescribeLogDirsTopic().name(topic.name()).partitions(held.stream()
                        .filter(partition -> partition.topic() == topic && isAsked(partition, asked))
                        .map(partition -> new DescribeLogDirsPartition()
                                .partitionIndex(partition.index())
                                .partitionSize(partition.log().sizeInBytes()))
                        .toList()))
                .filter(topic -> !topic.partitions().isEmpty())
                .toList();
    }

    private static boolean isAsked(FakePartition partition, @Nullable List<DescribableLogDirTopic> asked) {
        return asked == null || asked.stream()
                .anyMatch(topic -> topic.topic().equals(partition.topic().name()) && topic.partitions().contains(partition.index()));
    }
}
