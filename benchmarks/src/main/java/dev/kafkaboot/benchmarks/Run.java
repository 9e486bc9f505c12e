package dev.kafkaboot.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One run of one client, as it is handed to the JVM that does it.
 *
 * @param client which client
 * @param scenario what it does
 * @param bootstrap the broker
 * @param topic the topic
 * @param warmUp records before the measured ones
 * @param measured records that are measured
 */
record Run(Client client, Scenario scenario, String bootstrap, String topic, long warmUp, long measured) {

    /** The clients that are measured. */
    enum Client {
        OURS,
        APACHE
    }

    List<String> toArguments() {
        return new ArrayList<>(List.of(
                client.name(), Boolean.toString(scenario.produce()), Integer.toString(scenario.size()), scenario.codec(), scenario.acks(),
                Boolean.toString(scenario.keyed()), Integer.toString(scenario.rate()), bootstrap, topic, Long.toString(warmUp),
                Long.toString(measured)));
    }

    static Run fromArguments(String[] a) {
        Scenario scenario = new Scenario(
                Boolean.parseBoolean(a[1]), Integer.parseInt(a[2]), a[3], a[4], Boolean.parseBoolean(a[5]), Integer.parseInt(a[6]));
        return new Run(Client.valueOf(a[0]), scenario, a[7], a[8], Long.parseLong(a[9]), Long.parseLong(a[10]));
    }
}
