package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import dev.kafkaboot.client.KafkaException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupFailureInterleavings {

    private final GroupFailure failure = new GroupFailure(() -> {});
    private final AtomicInteger told = new AtomicInteger();

    private void look() {
        try {
            failure.throwIfNew();
        } catch (KafkaException e) {
            told.incrementAndGet();
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
}
