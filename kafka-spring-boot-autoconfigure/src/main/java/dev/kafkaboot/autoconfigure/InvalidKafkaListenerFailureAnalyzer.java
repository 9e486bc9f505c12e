package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.spring.annotation.InvalidKafkaListenerException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which listener is wrong, where it stands, and what would be right. */
final class InvalidKafkaListenerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidKafkaListenerException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidKafkaListenerException cause) {
        StringBuilder description = new StringBuilder("A @KafkaListener is wrong:\n\n    Place: ").append(cause.getPlace());
        if (cause.getAttribute() != null) {
            description.append("\n    Attribute: ").append(cause.getAttribute());
        }
        description.append("\n    Reason: ").append(cause.getProblem()).append('\n');
        return new FailureAnalysis(description.toString(), "Correct the annotation, or the method or class that it is on.", cause);
    }
}
