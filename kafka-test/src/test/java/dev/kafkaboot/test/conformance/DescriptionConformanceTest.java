package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.DescribeClusterRequest;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsRequest;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsRequest.Cursor;
import dev.kafkaboot.protocol.message.DescribeTopicPartitionsRequest.TopicRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataRequest.MetadataRequestTopic;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What there is: Metadata, DescribeCluster, DescribeTopicPartitions. */
class DescriptionConformanceTest extends ConformanceTest {

    private static MetadataRequest metadata(String... names) {
        return new MetadataRequest()
                .topics(List.of(names).stream().map(name -> new MetadataRequestTopic().name(name)).toList())
                .allowAutoTopicCreation(false);
    }

    private static MetadataRequest byId(Uuid id) {
        return new MetadataRequest().topics(List.of(new MetadataRequestTopic().name(null).topicId(id))).allowAutoTopicCreation(false);
    }

    @Test
    void everyVersionOfMetadataIsAnswered() throws IOException {
        assertAlike(side -> {
            String topic = side.topic("orders", 2, Map.of());
            for (int version = 0; version <= 13; version++) {
                if (version >= 4) {
                    side.tell("known and unknown", metadata(topic, side.named("nowhere")), version);
                    side.tell("wrong name", metadata("a b"), version);
                    side.tell("twice", metadata(topic, topic), version);
                } else {
                    side.tell("known", metadata(topic).allowAutoTopicCreation(true), version);
                }
                if (version >= 1) {
                    side.tell("none", metadata().allowAutoTopicCreation(version < 4), version);
                }
                if (version >= 8) {
                    side.tell("with operations", metadata(topic).includeTopicAuthorizedOperations(true), version);
                }
                if (version >= 8 && version <= 10) {
                    side.tell("with operations on the cluster", metadata().includeClusterAuthorizedOperations(true), version);
                }
                if (version >= 12) {
                    side.tell("by id", byId(side.idOf(topic)), version);
                    side.tell("by unknown id", byId(Side.NOWHERE), version);
                }
            }
        });
    }

    @Test
    void clusterIsDescribed() throws IOException {
        assertAlike(side -> {
            for (int version = 0; version <= 2; version++) {
                side.tell("cluster", new DescribeClusterRequest(), version);
                side.tell("with operations", new DescribeClusterRequest().includeClusterAuthorizedOperations(true), version);
            }
            side.tell("controllers", new DescribeClusterRequest().endpointType((byte) 2), 1);
            side.tell("neither", new DescribeClusterRequest().endpointType((byte) 3), 1);
            side.tell("with fenced brokers", new DescribeClusterRequest().includeFencedBrokers(true), 2);
        });
    }

    @Test
    void partitionsAreDescribedPageByPage() throws IOException {
        assertAlike(side -> {
            String first = side.topic("a", 3, Map.of());
            String second = side.topic("b", 2, Map.of());
            side.tell("both, out of order", pages(2000, null, second, first), 0);
            side.tell("unknown", pages(2000, null, side.named("nowhere")), 0);
            side.tell("wrong name", pages(2000, null, "a b"), 0);
            side.tell("page of two", pages(2, null, first, second), 0);
            side.tell("page of three", pages(3, null, first, second), 0);
            side.tell("next page", pages(2, new Cursor().topicName(first).partitionIndex(2), first, second), 0);
            side.tell("last page", pages(2, new Cursor().topicName(second).partitionIndex(1), first, second), 0);
            side.tell("behind the end", pages(2, new Cursor().topicName(second).partitionIndex(7), first, second), 0);
            side.tell("negative index", pages(2, new Cursor().topicName(second).partitionIndex(-1), first, second), 0);
            side.tell("topic that is not asked for", pages(2, new Cursor().topicName(side.named("aa")).partitionIndex(0), first, second), 0);
            side.tell("page of nothing", pages(0, null, first), 0);
        });
    }

    private static DescribeTopicPartitionsRequest pages(int limit, @Nullable Cursor cursor, String... topics) {
        return new DescribeTopicPartitionsRequest()
                .topics(List.of(topics).stream().map(topic -> new TopicRequest().name(topic)).toList())
                .responsePartitionLimit(limit)
                .cursor(cursor);
    }
}
