package dev.kafkaboot.benchmarks;

/** A consumer under measurement, reading every partition of the run's topic. Called by one thread. */
interface ConsumeClient extends AutoCloseable {

    /** Goes to the beginning of every partition, and forgets what was summed up. */
    void begin();

    /**
     * Polls once.
     *
     * @return how many records came; their values were touched
     */
    int poll();

    /** A sum over what was read, so that both clients can be seen to have read the same. */
    long checksum();

    @Override
    void close();
}
