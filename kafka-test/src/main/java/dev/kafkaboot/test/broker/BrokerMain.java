package dev.kafkaboot.test.broker;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * The main class of the child JVM: formats the data directory if that is not done yet, starts one broker and reports it.
 *
 * <p>The parent talks to it over the standard streams. Standard output carries nothing but the line {@link #STARTED}; everything
 * else that is printed goes to the log file. Standard input never carries anything: when it ends, the parent is gone, however
 * it died, and this JVM halts.
 */
public final class BrokerMain {

    /** What standard output says once the broker answers requests and is registered with the controller. */
    public static final String STARTED = "STARTED";

    /** The exit code after a failed start; the reason is in the log. */
    static final int START_FAILED = 1;

    /** The exit code after the parent's end. */
    static final int PARENT_IS_GONE = 3;

    private BrokerMain() {}

    /**
     * Runs one broker until this process is told to terminate.
     *
     * @param args the properties file, the cluster id and the log file
     */
    public static void main(String[] args) throws IOException {
        PrintStream toParent = System.out;
        PrintStream log = new PrintStream(new FileOutputStream(args[2], /* append= */ true), true, StandardCharsets.UTF_8);
        System.setOut(log);
        System.setErr(log);
        haltWhenParentIsGone(System.in);
        try {
            Path properties = Path.of(args[0]);
            format(properties, args[1]);
            Object server = start(properties);
            toParent.println(STARTED);
            toParent.flush();
            call(server, "awaitShutdown");
        } catch (Throwable failure) {
            failure.printStackTrace(log);
            log.flush();
            Runtime.getRuntime().halt(START_FAILED);
        }
    }

    private static void haltWhenParentIsGone(InputStream fromParent) {
        Thread watch = new Thread(() -> {
            try {
                while (fromParent.read() >= 0) {
                    // Nothing is ever sent; only the end matters.
                }
            } catch (IOException broken) {
                // The same as the end.
            }
            Runtime.getRuntime().halt(PARENT_IS_GONE);
        }, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void format(Path properties, String clusterId) throws ReflectiveOperationException {
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

    private static Object start(Path propertiesFile) throws IOException, ReflectiveOperationException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(propertiesFile)) {
            properties.load(in);
        }
        Class<?> configType = Class.forName("kafka.server.KafkaConfig");
        Class<?> timeType = Class.forName("org.apache.kafka.common.utils.Time");
        Object config = configType.getConstructor(Map.class).newInstance(properties);
        Object server = Class.forName("kafka.server.KafkaRaftServer")
                .getConstructor(configType, timeType)
                .newInstance(config, timeType.getField("SYSTEM").get(null));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(server), "broker-shutdown"));
        call(server, "startup");
        return server;
    }

    private static void shutDown(Object server) {
        try {
            call(server, "shutdown");
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("the broker could not shut down", failure);
        }
    }

    private static void call(Object server, String method) throws ReflectiveOperationException {
        try {
            server.getClass().getMethod(method).invoke(server);
        } catch (InvocationTargetException failure) {
            throw failure.getCause() instanceof ReflectiveOperationException cause ? cause : failure;
        }
    }
}
