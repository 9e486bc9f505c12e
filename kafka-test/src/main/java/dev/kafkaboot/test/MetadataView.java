package dev.kafkaboot.test;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one broker knows of the cluster: the brokers, and whether the partitions of one topic have leaders.
 *
 * @param brokerIds the brokers that are registered and not fenced
 * @param topicError the error of the topic that was asked for; 0 if there is none
 * @param leaders the leader of each partition of that topic, -1 where there is none
 */
record MetadataView(Set<Integer> brokerIds, int topicError, Map<Integer, Integer> leaders) {

    private static final int METADATA = 3;

    /** The first version that can be told not to create the topic, and has no tagged fields yet. */
    private static final int VERSION = 4;

    MetadataView {
        brokerIds = Set.copyOf(brokerIds);
        leaders = Map.copyOf(leaders);
    }

    /**
     * Asks a broker.
     *
     * @param topic the topic to ask for, or null for the brokers alone
     */
    static MetadataView of(BlockingBroker broker, @Nullable String topic) throws IOException {
        return read(broker.ask(METADATA, VERSION, out -> {
            out.writeInt(topic == null ? 0 : 1);
            if (topic != null) {
                BlockingBroker.writeString(out, topic);
            }
            out.writeBoolean(/* allowAutoTopicCreation= */ false);
        }));
    }

    /** Whether the topic has this many partitions, each of them with a leader. */
    boolean isLed(int partitions) {
        return topicError == 0 && leaders.size() == partitions && leaders.values().stream().allMatch(leader -> leader >= 0);
    }

    private static MetadataView read(DataInputStream in) throws IOException {
        in.readInt(); // throttle time
        Set<Integer> brokerIds = new HashSet<>();
        for (int left = in.readInt(); left > 0; left--) {
            brokerIds.add(in.readInt());
            BlockingBroker.readString(in); // host
            in.readInt(); // port
            BlockingBroker.readString(in); // rack
        }
        BlockingBroker.readString(in); // cluster id
        in.readInt(); // controller id
        int topicError = 0;
        Map<Integer, Integer> leaders = new HashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            topicError = in.readShort();
            BlockingBroker.readString(in); // name
            in.readBoolean(); // is internal
            readPartitions(in, leaders);
        }
        return new MetadataView(brokerIds, topicError, leaders);
    }

    private static void readPartitions(DataInputStream in, Map<Integer, Integer> leaders) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            int error = in.readShort();
            int partition = in.readInt();
            int leader = in.readInt();
            leaders.put(partition, error == 0 ? leader : -1);
            in.skipNBytes((long) in.readInt() * Integer.BYTES); // replicas
            in.skipNBytes((long) in.readInt() * Integer.BYTES); // in-sync replicas
        }
    }
}
