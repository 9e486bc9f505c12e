package dev.kafkaboot.test.history;

import org.jspecify.annotations.Nullable;

/**
 * One incarnation of a client: from its construction to its close or crash.
 *
 * @param name the client's name in the test
 * @param incarnation 1 for the first of that name
 * @param group the consumer group whose offsets it commits, or null if it has none
 */
public record ProcessId(String name, int incarnation, @Nullable String group) {

    @Override
    public String toString() {
        return incarnation == 1 ? name : name + "/" + incarnation;
    }
}
