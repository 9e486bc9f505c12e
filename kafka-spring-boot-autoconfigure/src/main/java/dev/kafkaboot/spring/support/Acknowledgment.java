package dev.kafkaboot.spring.support;

import java.time.Duration;

/**
 * Says that a record is done, in ack mode MANUAL. Safe from any thread.
 *
 * <p>Records may be acknowledged out of order and long after the listener method returned. What is committed is the part of each partition without
 * gaps: a record that is not acknowledged holds back the commit of those behind it, however many of them are done. While too many are held back (see
 * {@link dev.kafkaboot.spring.listener.ContainerProperties#setMaxUnacknowledged}) the partition is paused.
 */
public interface Acknowledgment {

    /**
     * The record is done. The commit follows in the background. A second call does nothing, nor does one after the partition was taken away: then another
     * member gets the record again.
     */
    void acknowledge();

    /**
     * The record is not done: it is handed to the listener again after a while, and the partition's later records wait behind it. Others go on.
     *
     * <p>To be called by the listener method itself, before it returns. It counts even if the method throws after it: then the error handler is not asked.
     *
     * @param sleep how long to wait; zero is allowed
     * @throws IllegalArgumentException if it is negative
     * @throws IllegalStateException if the record was acknowledged before, or the listener method has returned
     */
    void nack(Duration sleep);
}
