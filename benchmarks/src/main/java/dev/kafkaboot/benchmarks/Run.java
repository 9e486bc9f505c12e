package dev.kafkaboot.benchmarks;

import java.util.List;

/**
 * One run of one client, as it is handed to the JVM that does it.
 *
 * @param client which client
 * @param scenario what it does
 * @param bootstrap the broker
 * @param trust the file with the broker's certificate, for those who speak TLS
 * @param topic the topic
 * @param warmUp records before the measured ones
 * @param measured records that are measured
 */
record Run(Client client, Scenario scenario, String bootstrap, String trust, String topic, long warmUp, long measured) {

    /** Who is measured. */
    enum Client {
        OURS,
        APACHE,
        /** No client: prebuilt requests over a bare socket. */
        NONE
    }

    List<String> toArguments() {
        return List.of(
                client.name(), bootstrap, trust, topic, Long.toString(warmUp), Long.toString(measured),
                scenario.kind().name(), Integer.toString(scenario.size()), scenario.codec(), scenario.acks(), Boolean.toString(scenario.keyed()),
                Integer.toString(scenario.rate()), Integer.toString(scenario.threads()), Integer.toString(scenario.partitions()),
                Integer.toString(scenario.replayedBatch()), Integer.toString(scenario.transaction()),
                Boolean.toString(scenario.tls()));
    }

    static Run fromArguments(String[] a) {
        Scenario scenario = new Scenario(
                Scenario.Kind.valueOf(a[6]), Integer.parseInt(a[7]), a[8], a[9], Boolean.parseBoolean(a[10]), Integer.parseInt(a[11]),
                Integer.parseInt(a[12]), Integer.parseInt(a[13]), Integer.parseInt(a[14]), Integer.parseInt(a[15]), Boolean.parseBoolean(a[16]));
        return new Run(Client.valueOf(a[0]), scenario, a[1], a[2], a[3], Long.parseLong(a[4]), Long.parseLong(a[5]));
    }
}
