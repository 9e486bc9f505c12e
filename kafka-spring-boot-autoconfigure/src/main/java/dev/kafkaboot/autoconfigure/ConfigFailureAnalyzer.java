package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.spring.listener.ListenerStartException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with a configuration that was not given by properties: by a builder, a customizer or a listener's annotation. */
final class ConfigFailureAnalyzer extends AbstractFailureAnalyzer<ConfigException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ConfigException cause) {
        ListenerStartException listener = findCause(rootFailure, ListenerStartException.class);
        StringBuilder description = new StringBuilder(listener == null ? "A Kafka client" : "The Kafka consumer of the " + listener.getListener())
                .append(" was given a wrong configuration:\n");
        cause.faults().forEach(fault -> description
                .append("\n    Key: ").append(fault.key())
                .append("\n    Value: \"").append(fault.value()).append('"')
                .append("\n    Reason: ").append(fault.expected()).append('\n'));
        return new FailureAnalysis(description.toString(), "Correct it where the client is built: a customizer, a bean or a listener's annotation.", cause);
    }
}
