package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsRequest;
import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestPartition;
import dev.kafkaboot.protocol.message.AlterShareGroupOffsetsRequest.AlterShareGroupOffsetsRequestTopic;
import dev.kafkaboot.protocol.message.DeleteShareGroupOffsetsRequest;
import dev.kafkaboot.protocol.message.DeleteShareGroupOffsetsRequest.DeleteShareGroupOffsetsRequestTopic;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsRequest;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestGroup;
import dev.kafkaboot.protocol.message.DescribeShareGroupOffsetsRequest.DescribeShareGroupOffsetsRequestTopic;
import java.util.List;

/** Requests about where share groups are in the first partition of a topic. */
final class SharedOffsets {

    private SharedOffsets() {}

    static DescribeShareGroupOffsetsRequest describe(String group, String topic) {
        return describe(new DescribeShareGroupOffsetsRequestGroup().groupId(group).topics(List.of(
                new DescribeShareGroupOffsetsRequestTopic().topicName(topic).partitions(List.of(0)))));
    }

    static DescribeShareGroupOffsetsRequest describeAll(String group) {
        return describe(new DescribeShareGroupOffsetsRequestGroup().groupId(group).topics(null));
    }

    private static DescribeShareGroupOffsetsRequest describe(DescribeShareGroupOffsetsRequestGroup group) {
        return new DescribeShareGroupOffsetsRequest().groups(List.of(group));
    }

    static AlterShareGroupOffsetsRequest alter(String group, String topic, int partition, long offset) {
        return new AlterShareGroupOffsetsRequest().groupId(group).topics(List.of(new AlterShareGroupOffsetsRequestTopic()
                .topicName(topic)
                .partitions(List.of(new AlterShareGroupOffsetsRequestPartition().partitionIndex(partition).startOffset(offset)))));
    }

    static DeleteShareGroupOffsetsRequest delete(String group, String topic) {
        return new DeleteShareGroupOffsetsRequest().groupId(group).topics(List.of(new DeleteShareGroupOffsetsRequestTopic().topicName(topic)));
    }
}
