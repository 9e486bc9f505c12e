package dev.kafkaboot.test.proxy;

/** Which way bytes go. */
public enum Direction {

    /** From a client to a broker: requests. */
    TO_BROKER,

    /** From a broker to a client: responses. */
    TO_CLIENT
}
