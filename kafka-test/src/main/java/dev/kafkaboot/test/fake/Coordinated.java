package dev.kafkaboot.test.fake;

/** State that moves between brokers with the leadership of an internal topic's partition. */
interface Coordinated {

    /** The partition's leader is gone: who waits for an answer is told {@code NOT_COORDINATOR}, and what was not written is forgotten. */
    void unload(int partition);

    /** A leader, the same or another, has read what was written: time runs again. */
    void load(int partition);
}
