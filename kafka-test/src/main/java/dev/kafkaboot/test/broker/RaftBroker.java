package dev.kafkaboot.test.broker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A broker that is, or asks, a controller of KRaft: Kafka 3.9 and later. It formats the data directory first if that is not done yet. */
final class RaftBroker implements ChildProcess.Server {

    private final Path properties;
    private final String clusterId;
    private @Nullable Reflected server;

    RaftBroker(Path properties, String clusterId) {
        this.properties = properties;
        this.clusterId = clusterId;
    }

    @Override
    public void start() throws IOException, ReflectiveOperationException {
        format();
        Class<?> configType = Class.forName("kafka.server.KafkaConfig");
        Class<?> timeType = Class.forName("org.apache.kafka.common.utils.Time");
        Reflected started = new Reflected(Class.forName("kafka.server.KafkaRaftServer")
                .getConstructor(configType, timeType)
                .newInstance(BrokerMain.config(BrokerMain.read(properties)), BrokerMain.clock()));
        started.callAtShutdown("shutdown");
        started.call("startup");
        server = started;
    }

    @Override
    public void awaitShutdown() throws ReflectiveOperationException {
        if (server != null) {
            server.call("awaitShutdown");
        }
    }

    private void format() throws ReflectiveOperationException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(output, true, StandardCharsets.UTF_8);
        String[] command = {"format", "--ignore-formatted", "-t", clusterId, "-c", properties.toString()};
        Object exitCode;
        try {
            exitCode = Class.forName("kafka.tools.StorageTool")
                    .getMethod("execute", String[].class, PrintStream.class)
                    .invoke(null, command, print);
        } finally {
            System.out.print(output.toString(StandardCharsets.UTF_8));
        }
        if (!Integer.valueOf(0).equals(exitCode)) {
            throw new IllegalStateException("formatting the data directory failed with exit code " + exitCode);
        }
    }
}
