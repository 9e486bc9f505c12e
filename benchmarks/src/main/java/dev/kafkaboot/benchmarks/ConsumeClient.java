package dev.kafkaboot.benchmarks;

/** A consumer under measurement, reading every partition of the run's topic from its beginning. Called by one thread. */
interface ConsumeClient extends AutoCloseable {

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
