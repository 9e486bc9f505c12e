package dev.kafkaboot.autoconfigure;

import java.util.List;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which property is wrong, where it stands, and what would be right. */
final class InvalidKafkaPropertiesFailureAnalyzer extends AbstractFailureAnalyzer<InvalidKafkaPropertiesException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidKafkaPropertiesException cause) {
        List<InvalidKafkaPropertiesException.Fault> faults = cause.faults();
        StringBuilder description = new StringBuilder(
                faults.size() == 1 ? "A Kafka property is wrong:\n" : faults.size() + " Kafka properties are wrong:\n");
        for (InvalidKafkaPropertiesException.Fault fault : faults) {
            description.append("\n    Property: ").append(fault.property());
            description.append("\n    Value: \"").append(fault.value()).append('"');
            if (fault.origin() != null) {
                description.append("\n    Origin: ").append(fault.origin());
            }
            description.append("\n    Reason: ").append(fault.expected()).append('\n');
        }
        return new FailureAnalysis(description.toString(), "Correct the value, or remove the property to use the default.", cause);
    }
}
