package dev.kafkaboot.spring.listener;

/**
 * Decides what becomes of a record that the listener failed on, or that could not be read.
 *
 * <p>Called on the thread of the listener. While a record waits to be tried again, later records of its partition wait behind it; other partitions and the
 * polling go on.
 */
@FunctionalInterface
public interface RecordErrorHandler {

    /**
     * Decides.
     *
     * <p>An exception thrown by this method is logged and counts as a failure of the handler: the record is tried again after a while, because nobody has
     * decided to give it up.
     */
    ErrorDecision handle(FailedRecord failed) throws Exception;
}
