package dev.kafkaboot.test.history;

/** Looks for one kind of anomaly, or for a few that are told apart together. */
@FunctionalInterface
interface Check {

    /** Adds what it finds. */
    void look(Facts facts, Runs runs, Findings findings);
}
