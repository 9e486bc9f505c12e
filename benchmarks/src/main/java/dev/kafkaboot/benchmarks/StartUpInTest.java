package dev.kafkaboot.benchmarks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.kafkaboot.test.FakeKafkaServer;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Starts the fake as {@link StartUp} does, but in a JUnit test: JUnit has loaded much of the JDK by then, so this is what the first test of a run waits for. */
final class StartUpInTest {

    public static void main(String[] args) {
        LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(StartUpInTest.class)).build());
    }

    @Test
    void fakeStarts() {
        StartUp.measure(FakeKafkaServer::start);
    }
}
