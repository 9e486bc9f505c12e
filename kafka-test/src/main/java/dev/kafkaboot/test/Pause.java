package dev.kafkaboot.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A process that is frozen until {@link #end()}.
 *
 * <p>A frozen broker cannot notice that this JVM is gone. So a shell guards it: it sends SIGSTOP, waits for the end of its standard
 * input, which comes with {@link #end()} or with the end of this JVM, and sends SIGCONT.
 */
final class Pause {

    /** The signal is sent before it is obeyed: where the threads' states can be seen (on Linux), none of them runs when this says so. */
    private static final String SCRIPT = "kill -STOP \"$0\" || exit 1; "
            + "while grep -qs '^State:[[:space:]]*[RSD]' /proc/\"$0\"/task/*/status; do :; done; "
            + "echo paused && read -r _; kill -CONT \"$0\"";

    private final Process guard;

    private Pause(Process guard) {
        this.guard = guard;
    }

    static Pause of(long pid) {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            throw new UnsupportedOperationException("a process cannot be paused on Windows");
        }
        Process guard;
        try {
            guard = new ProcessBuilder("sh", "-c", SCRIPT, Long.toString(pid)).redirectErrorStream(true).start();
        } catch (IOException failure) {
            throw new RealKafkaException("cannot run sh to pause process " + pid, failure);
        }
        Pause pause = new Pause(guard);
        String answer = pause.firstLine();
        if (!"paused".equals(answer)) {
            pause.end();
            throw new RealKafkaException("cannot pause process " + pid + ": " + answer);
        }
        return pause;
    }

    /** Lets the process go on; returns when the signal is sent. */
    void end() {
        try {
            guard.getOutputStream().close();
        } catch (IOException closed) {
            // The guard has ended already, and with it the pause.
        }
        guard.onExit().join();
    }

    private String firstLine() {
        try {
            return String.valueOf(
                    new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8)).readLine());
        } catch (IOException failure) {
            return failure.toString();
        }
    }
}
