package dev.kafkaboot.test.fake;

/**
 * Where a batch is, once it was appended.
 *
 * @param baseOffset its first offset
 * @param lastOffset its last offset
 * @param appendTimeMillis when it was appended, or -1 if its records keep the producer's time
 * @param isDuplicate whether it was there before and nothing was appended
 */
record AppendResult(long baseOffset, long lastOffset, long appendTimeMillis, boolean isDuplicate) {

    static final long NO_APPEND_TIME = -1;
}
