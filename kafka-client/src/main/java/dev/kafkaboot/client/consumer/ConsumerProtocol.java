package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.PartitionAssignor.MemberSubscription;
import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.MalformedMessageException;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.Writer;
import dev.kafkaboot.protocol.message.ConsumerProtocolAssignment;
import dev.kafkaboot.protocol.message.ConsumerProtocolSubscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What members of a group tell each other through the coordinator, which does not look at it. A version in two bytes stands in front; a newer one than
 * is known is read as the newest that is.
 */
final class ConsumerProtocol {

    private ConsumerProtocol() {}

    /** What a member says when it joins. */
    static byte[] subscription(
            PartitionAssignor assignor, Collection<String> topics, Collection<TopicPartition> owned, int generation, @Nullable String rack) {
        short version = ConsumerProtocolSubscription.HIGHEST_VERSION;
        ConsumerProtocolSubscription subscription =
                new ConsumerProtocolSubscription().topics(topics.stream().sorted().toList()).generationId(generation).rackId(rack);
        byTopic(owned).forEach((topic, partitions) ->
                subscription.ownedPartitions().add(new ConsumerProtocolSubscription.TopicPartition().topic(topic).partitions(partitions)));
        byte[] userData = assignor.userData(generation);
        subscription.userData(userData == null ? null : Bytes.wrap(userData));
        Writer out = new Writer();
        out.writeShort(version);
        subscription.write(out, version);
        return out.toByteArray();
    }

    static MemberSubscription member(byte[] subscription) {
        Reader in = new Reader(ByteBuffer.wrap(subscription));
        short version = in.readShort();
        if (version < 0) {
            throw new MalformedMessageException("A subscription has version " + version);
        }
        ConsumerProtocolSubscription read = new ConsumerProtocolSubscription();
        read.read(in, (short) Math.min(version, ConsumerProtocolSubscription.HIGHEST_VERSION));
        List<TopicPartition> owned = new ArrayList<>();
        read.ownedPartitions().forEach(topic ->
                topic.partitions().forEach(partition -> owned.add(new TopicPartition(topic.topic(), partition))));
        Bytes userData = read.userData();
        return new MemberSubscription(
                new LinkedHashSet<>(read.topics()), owned, Math.max(-1, read.generationId()), userData == null ? null : userData.toByteArray(),
                read.rackId());
    }

    static byte[] assignment(Collection<TopicPartition> partitions) {
        short version = ConsumerProtocolAssignment.HIGHEST_VERSION;
        ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment();
        byTopic(partitions).forEach((topic, indexes) ->
                assignment.assignedPartitions().add(new ConsumerProtocolAssignment.TopicPartition().topic(topic).partitions(indexes)));
        Writer out = new Writer();
        out.writeShort(version);
        assignment.write(out, version);
        return out.toByteArray();
    }

    static List<TopicPartition> partitions(byte @Nullable [] assignment) {
        List<TopicPartition> partitions = new ArrayList<>();
        if (assignment == null || assignment.length == 0) {
            return partitions;
        }
        Reader in = new Reader(ByteBuffer.wrap(assignment));
        short version = in.readShort();
        if (version < 0) {
            throw new MalformedMessageException("An assignment has version " + version);
        }
        ConsumerProtocolAssignment read = new ConsumerProtocolAssignment();
        read.read(in, (short) Math.min(version, ConsumerProtocolAssignment.HIGHEST_VERSION));
        read.assignedPartitions().forEach(topic ->
                topic.partitions().forEach(partition -> partitions.add(new TopicPartition(topic.topic(), partition))));
        return partitions;
    }

    static Map<String, List<Integer>> byTopic(Collection<TopicPartition> partitions) {
        Map<String, List<Integer>> byTopic = new TreeMap<>();
        partitions.stream().sorted().forEach(partition ->
                byTopic.computeIfAbsent(partition.topic(), topic -> new ArrayList<>()).add(partition.partition()));
        return byTopic;
    }
}
