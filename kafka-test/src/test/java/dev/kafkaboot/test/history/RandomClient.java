package dev.kafkaboot.test.history;

/** A client that does something correct, step by step, between the steps of others. */
interface RandomClient {

    /** Does the next thing. */
    void step();

    /** Ends what it has under way, and itself. */
    void finish();
}
