package dev.kafkaboot.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Properties have values that cannot be right. It tells all of them at once. */
final class InvalidKafkaPropertiesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    InvalidKafkaPropertiesException(List<Fault> faults) {
        super("Wrong Kafka properties: " + faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
        this.faults = List.copyOf(faults);
    }

    /**
     * One wrong property.
     *
     * @param property its name as the user wrote it
     * @param value its value; {@code ****} where it may be a secret
     * @param origin where it was written, or null if that is not known
     * @param expected what would be right
     */
    record Fault(String property, String value, @Nullable String origin, String expected) {

        @Override
        public String toString() {
            return property + "=" + value + ": " + expected;
        }
    }

    List<Fault> faults() {
        return faults;
    }
}
