package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ProtocolException;
import dev.kafkaboot.protocol.Reader;
import dev.kafkaboot.protocol.Writer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Spreads partitions evenly and moves as few of them as that allows, in groups whose members give everything up before they join again (KIP-54). What a member
 * had before it did so travels in its user data: the partitions by topic and, since version 1 of that, the generation.
 *
 * <p>It remembers what its own member has, so each consumer needs one of its own.
 */
public final class StickyAssignor implements PartitionAssignor {

    private static final boolean NOT_FLEXIBLE = false;

    /** The bytes of a topic with an empty name and no partitions. */
    private static final int LEAST_TOPIC = Short.BYTES + Integer.BYTES;

    private List<TopicPartition> lastAssigned = List.of();
    private int lastGeneration = -1;

    @Override
    public String name() {
        return "sticky";
    }

    @Override
    public boolean isCooperative() {
        return false;
    }

    @Override
    public void assigned(List<TopicPartition> partitions, int generation) {
        lastAssigned = List.copyOf(partitions);
        lastGeneration = generation;
    }

    @Override
    public byte @Nullable [] userData(int generation) {
        if (lastAssigned.isEmpty()) {
            return null;
        }
        Writer out = new Writer();
        List<Map.Entry<String, List<Integer>>> byTopic = List.copyOf(ConsumerProtocol.byTopic(lastAssigned).entrySet());
        out.writeArray(byTopic, NOT_FLEXIBLE, (to, topic) -> {
            to.writeString(topic.getKey(), NOT_FLEXIBLE);
            to.writeArray(topic.getValue(), NOT_FLEXIBLE, Writer::writeInt);
        });
        out.writeInt(lastGeneration);
        return out.toByteArray();
    }

    @Override
    public Map<String, List<TopicPartition>> assign(Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts) {
        return assign(members, partitionCounts, PartitionRacks.UNKNOWN);
    }

    @Override
    public Map<String, List<TopicPartition>> assign(
            Map<String, MemberSubscription> members, Map<String, Integer> partitionCounts, PartitionRacks racks) {
        Map<String, MemberSubscription> withWhatTheyHad = new LinkedHashMap<>();
        members.forEach((id, member) -> withWhatTheyHad.put(id, withWhatItHad(member)));
        return new StickyBalance(withWhatTheyHad, partitionCounts, racks).balance();
    }

    /** A member whose user data cannot be read had nothing: no reason to fail the group. */
    private static MemberSubscription withWhatItHad(MemberSubscription member) {
        byte[] userData = member.userData();
        if (userData == null || userData.length == 0) {
            return member;
        }
        try {
            Reader in = new Reader(ByteBuffer.wrap(userData));
            List<TopicPartition> had = new ArrayList<>();
            in.readArray(NOT_FLEXIBLE, LEAST_TOPIC, topics -> {
                String topic = topics.readString(NOT_FLEXIBLE);
                topics.readArray(NOT_FLEXIBLE, Integer.BYTES, Reader::readInt).forEach(partition -> had.add(new TopicPartition(topic, partition)));
                return topic;
            });
            int generation = in.remaining() >= Integer.BYTES ? in.readInt() : -1;
            return new MemberSubscription(member.topics(), had, generation, null, member.rack());
        } catch (ProtocolException unreadable) {
            return new MemberSubscription(member.topics(), List.of(), -1, null, member.rack());
        }
    }
}
