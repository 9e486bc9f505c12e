package dev.kafkaboot.test;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How one broker answers for the partitions of a topic that it leads.
 *
 * @param errors the error of each of them, by partition; 0 where it serves the partition
 */
record LeadershipView(Map<Integer, Integer> errors) {

    private static final int LIST_OFFSETS = 2;

    /** The lowest version that Kafka 4 speaks. */
    private static final int VERSION = 1;

    private static final int CONSUMER = -1;
    private static final long EARLIEST = -2;

    LeadershipView {
        errors = Map.copyOf(errors);
    }

    /** Asks a broker which partitions it leads, and then for the offsets of these. */
    static LeadershipView of(BlockingBroker broker, String topic) throws IOException {
        MetadataView metadata = MetadataView.of(broker, topic);
        List<Integer> led = metadata.leaders().entrySet().stream()
                .filter(partition -> partition.getValue() == broker.id())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return led.isEmpty() ? new LeadershipView(Map.of()) : read(broker.ask(LIST_OFFSETS, VERSION, out -> {
            out.writeInt(CONSUMER);
            out.writeInt(1);
            BlockingBroker.writeString(out, topic);
            out.writeInt(led.size());
            for (int partition : led) {
                out.writeInt(partition);
                out.writeLong(EARLIEST);
            }
        }));
    }

    /** Whether the broker serves all that it leads. */
    boolean isServed() {
        return errors.values().stream().allMatch(error -> error == 0);
    }

    private static LeadershipView read(DataInputStream in) throws IOException {
        Map<Integer, Integer> errors = new TreeMap<>();
        for (int topics = in.readInt(); topics > 0; topics--) {
            BlockingBroker.readString(in); // name
            for (int left = in.readInt(); left > 0; left--) {
                int partition = in.readInt();
                errors.put(partition, (int) in.readShort());
                in.readLong(); // timestamp
                in.readLong(); // offset
            }
        }
        return new LeadershipView(errors);
    }
}
