package dev.kafkaboot.test.conformance;

import java.io.IOException;

/** What is asked of a cluster. It may not depend on which one it is. */
@FunctionalInterface
interface Scenario {

    void play(Side side) throws IOException;
}
