package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.net.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Posts tasks to a loop that may have ended. */
final class LoopTasks {

    private static final Logger log = LoggerFactory.getLogger(LoopTasks.class);

    private LoopTasks() {}

    /**
     * Runs a task on the loop, later. If the loop has ended, nothing is done, and nothing needs to be: with its end the producer has ended, or is about to,
     * and that fails whatever the task was for. Any thread.
     */
    static void post(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (ClientClosedException ended) {
            log.debug("Nothing is done any more, because the loop has ended", ended);
        }
    }
}
