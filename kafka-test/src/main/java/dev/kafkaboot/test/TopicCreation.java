package dev.kafkaboot.test;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.Map;

/**
 * A topic to be created.
 *
 * @param replicationFactor -1 for the brokers' default
 */
record TopicCreation(String name, int partitions, int replicationFactor, Map<String, String> configs) {

    private static final int CREATE_TOPICS = 19;

    /** The first version that knows the default of the replication factor, and the last without tagged fields (KIP-464). */
    private static final int VERSION = 4;

    TopicCreation {
        configs = Map.copyOf(configs);
    }

    /**
     * Asks a broker to create it.
     *
     * @throws RealKafkaException if the cluster refuses, with its reason
     */
    void createOn(BlockingBroker broker, int timeoutMillis) throws IOException {
        DataInputStream answer = broker.ask(CREATE_TOPICS, VERSION, out -> {
            out.writeInt(1);
            BlockingBroker.writeString(out, name);
            out.writeInt(partitions);
            out.writeShort(replicationFactor);
            out.writeInt(0); // assignments
            out.writeInt(configs.size());
            for (Map.Entry<String, String> config : configs.entrySet()) {
                BlockingBroker.writeString(out, config.getKey());
                BlockingBroker.writeString(out, config.getValue());
            }
            out.writeInt(timeoutMillis);
            out.writeBoolean(/* validateOnly= */ false);
        });
        answer.readInt(); // throttle time
        for (int left = answer.readInt(); left > 0; left--) {
            BlockingBroker.readString(answer); // name
            int error = answer.readShort();
            String message = BlockingBroker.readString(answer);
            if (error != 0) {
                throw new RealKafkaException("cannot create topic " + name + ": " + message + " (error code " + error + ")");
            }
        }
    }
}
