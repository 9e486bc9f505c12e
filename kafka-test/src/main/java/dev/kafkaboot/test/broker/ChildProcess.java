package dev.kafkaboot.test.broker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What every child JVM does: it keeps the log, reports its start and ends with its parent.
 *
 * <p>The parent talks to it over the standard streams. Standard output carries nothing but the line {@link #STARTED}; everything
 * else that is printed goes to the log file. Standard input never carries anything: when it ends, the parent is gone, however
 * it died, and this JVM halts.
 */
public final class ChildProcess {

    /** What standard output says once the server answers. */
    public static final String STARTED = "STARTED";

    /** The exit code after a failed start; the reason is in the log. */
    static final int START_FAILED = 1;

    /** The exit code after the parent's end. */
    static final int PARENT_IS_GONE = 3;

    private ChildProcess() {}

    /** Runs a server until this process is told to terminate. */
    static void run(Server server, String logFile) throws IOException {
        PrintStream toParent = System.out;
        PrintStream log = new PrintStream(new FileOutputStream(logFile, /* append= */ true), true, StandardCharsets.UTF_8);
        System.setOut(log);
        System.setErr(log);
        haltWhenParentIsGone(System.in);
        try {
            server.start();
            toParent.println(STARTED);
            toParent.flush();
            server.awaitShutdown();
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

    /** What a child JVM runs. */
    interface Server {

        /** Returns when the server answers. */
        void start() throws Exception;

        /** Returns when the server has ended in order. */
        void awaitShutdown() throws Exception;
    }
}
