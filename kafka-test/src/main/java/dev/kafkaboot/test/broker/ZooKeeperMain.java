package dev.kafkaboot.test.broker;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The main class of a child JVM that runs a ZooKeeper of one server, for brokers that need one. */
public final class ZooKeeperMain implements ChildProcess.Server {

    /** Sessions are between two and twenty of these. */
    private static final int TICK_MILLIS = 3000;

    private static final int MAX_CONNECTIONS = 100;

    private final File data;
    private final int port;
    private @Nullable Reflected connections;

    private ZooKeeperMain(File data, int port) {
        this.data = data;
        this.port = port;
    }

    /**
     * Runs ZooKeeper until this process is told to terminate.
     *
     * @param args the log file, the data directory, and the port
     */
    public static void main(String[] args) throws IOException {
        System.setProperty("zookeeper.preAllocSize", "64"); // of a log file, in KiB
        System.setProperty("zookeeper.forceSync", "no");
        ChildProcess.run(new ZooKeeperMain(new File(args[1]), Integer.parseInt(args[2])), args[0]);
    }

    @Override
    public void start() throws ReflectiveOperationException {
        Class<?> serverType = Class.forName("org.apache.zookeeper.server.ZooKeeperServer");
        Class<?> factoryType = Class.forName("org.apache.zookeeper.server.ServerCnxnFactory");
        Object server = serverType.getConstructor(File.class, File.class, int.class).newInstance(data, data, TICK_MILLIS);
        Object factory = factoryType.getMethod("createFactory", InetSocketAddress.class, int.class)
                .invoke(null, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MAX_CONNECTIONS);
        factoryType.getMethod("startup", serverType).invoke(factory, server);
        connections = new Reflected(factory);
    }

    @Override
    public void awaitShutdown() throws ReflectiveOperationException {
        if (connections != null) {
            connections.call("join");
        }
    }
}
