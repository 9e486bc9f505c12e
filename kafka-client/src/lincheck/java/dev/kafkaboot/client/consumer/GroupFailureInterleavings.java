package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import dev.kafkaboot.client.KafkaException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GroupFailureInterleavings {

    private final GroupFailure failure = new GroupFailure(() -> {});
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicReference<String> lastTold = new AtomicReference<>("nothing");

    private void look() {
        try {
            failure.throwIfNew();
        } catch (KafkaException e) {
            told.incrementAndGet();
            lastTold.set(String.valueOf(e.getMessage()));
        }
    }

    @Test
    void failureIsToldByOneOfTwoThatLook() {
        explore(() -> {
            GroupFailureInterleavings scenario = new GroupFailureInterleavings();
            scenario.failure.set(new KafkaException("it cannot join"));

            together(scenario::look, scenario::look);

            check(scenario.told.get() == 1, "it is told once: " + scenario.told.get());
        });
    }

    @Test
    void failureThatComesWhileAnotherIsLookedForIsTold() {
        explore(() -> {
            GroupFailureInterleavings scenario = new GroupFailureInterleavings();
            scenario.failure.set(new KafkaException("it cannot join"));
            scenario.look();

            together(scenario::look, () -> scenario.failure.set(new KafkaException("it is not allowed to")));
            scenario.look();

            check(scenario.told.get() == 2, "each is told once: " + scenario.told.get());
            check(scenario.lastTold.get().contains("not allowed"), "the later one is told: " + scenario.lastTold.get());
        });
    }
}
