package dev.kafkaboot.client.net;

/** A task that the loop will run when it is due. */
public interface Timer {

    /** Takes the task back. If it has run, or is running, nothing happens. Safe from any thread; on the loop it is certain not to run afterwards. */
    void cancel();
}
