package dev.kafkaboot.test.broker;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker whose cluster lives on ZooKeeper: Kafka before 3.9. */
final class ZooKeeperBroker implements ChildProcess.Server {

    private final Path propertiesFile;
    private @Nullable Reflected server;

    ZooKeeperBroker(Path propertiesFile) {
        this.propertiesFile = propertiesFile;
    }

    @Override
    public void start() throws IOException, ReflectiveOperationException, InterruptedException {
        Properties properties = BrokerMain.read(propertiesFile);
        new ZooKeeperRegistration(properties).clear();
        Reflected started = new Reflected(create(properties));
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

    private static Object create(Properties properties) throws ReflectiveOperationException {
        Constructor<?> constructor = Stream.of(Class.forName("kafka.server.KafkaServer").getConstructors())
                .filter(candidate -> candidate.getParameterCount() == 4)
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException("a constructor of KafkaServer with four parameters"));
        Object noThreadPrefix = Class.forName("scala.None$").getField("MODULE$").get(null);
        boolean since28 = constructor.getParameterTypes()[3] == boolean.class;
        Object last = since28 ? /* enableForwarding= */ false : Class.forName("scala.collection.immutable.Nil$").getField("MODULE$").get(null);
        return constructor.newInstance(BrokerMain.config(properties), BrokerMain.clock(), noThreadPrefix, last);
    }
}
