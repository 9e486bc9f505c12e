package dev.kafkaboot.benchmarks;

import org.jspecify.annotations.Nullable;

/** A producer under measurement. Called by as many threads as the scenario says. */
interface ProduceClient extends AutoCloseable {

    /** Sends a record and forgets it; the count of records in the topic tells at the end whether all arrived. */
    void send(byte @Nullable [] key, byte[] value);

    /** Sends a record and tells the meter when it was acknowledged. */
    void sendTimed(byte @Nullable [] key, byte[] value, Meter meter);

    /** Begins a transaction. */
    void begin();

    /** Commits the transaction, and waits for that. */
    void commit();

    /** Waits until everything sent so far was acknowledged. */
    void flush();

    @Override
    void close();
}
