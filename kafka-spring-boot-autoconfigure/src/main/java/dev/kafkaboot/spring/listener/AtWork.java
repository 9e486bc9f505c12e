package dev.kafkaboot.spring.listener;

/**
 * That a record is with the listener.
 *
 * @param record which one, as errors show it
 * @param thread the one that is in the listener with it
 * @param sinceNanos since when, by {@link System#nanoTime()}
 */
record AtWork(String record, Thread thread, long sinceNanos) {}
