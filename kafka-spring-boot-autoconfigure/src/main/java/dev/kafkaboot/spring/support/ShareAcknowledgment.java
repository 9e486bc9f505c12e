package dev.kafkaboot.spring.support;

/**
 * Says what became of a record of a share group, in ack mode MANUAL. Safe from any thread, also long after the listener method returned: as long as nothing is said,
 * the container renews the record's lock.
 *
 * <p>What is said first counts; another call does nothing, nor does one after the container was stopped or has lost the record's lock: then the record was released,
 * and somebody gets it again.
 */
public interface ShareAcknowledgment {

    /** It was processed: nobody gets it again. */
    void acknowledge();

    /** It was not processed, and may be at another attempt: somebody gets it again at once, unless it was delivered too often ({@code group.share.delivery.count.limit}). */
    void release();

    /** It cannot be processed: nobody gets it again. */
    void reject();

    /** Whether something was said. */
    boolean isAcknowledged();
}
