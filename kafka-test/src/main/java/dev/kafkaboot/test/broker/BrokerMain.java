package dev.kafkaboot.test.broker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The main class of a child JVM that runs one broker. It has started once it answers requests and is registered with the controller. */
public final class BrokerMain {

    private BrokerMain() {}

    /**
     * Runs one broker until this process is told to terminate.
     *
     * @param args the log file, the properties file, and the cluster id; no cluster id if the cluster lives on ZooKeeper
     */
    public static void main(String[] args) throws IOException {
        Path properties = Path.of(args[1]);
        ChildProcess.run(args.length > 2 ? new RaftBroker(properties, args[2]) : new ZooKeeperBroker(properties), args[0]);
    }

    /** What a properties file says. */
    static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        return properties;
    }

    /** The broker's configuration as an object of Apache's. */
    static Object config(Properties properties) throws ReflectiveOperationException {
        return Class.forName("kafka.server.KafkaConfig").getConstructor(Map.class).newInstance(properties);
    }

    /** The system's clock, as Apache's brokers are given it. */
    static Object clock() throws ReflectiveOperationException {
        return Class.forName("org.apache.kafka.common.utils.Time").getField("SYSTEM").get(null);
    }
}
