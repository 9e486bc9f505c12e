package dev.kafkaboot.client;

import java.util.List;

/** The configuration is wrong. One exception tells all faults, each with the key, the value and what would be right. */
public class ConfigException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    public ConfigException(List<Fault> faults) {
        super(describe(faults));
        this.faults = List.copyOf(faults);
    }

    public ConfigException(String key, Object value, String expected) {
        this(List.of(new Fault(key, String.valueOf(value), expected)));
    }

    /**
     * One thing that is wrong.
     *
     * @param key the configuration key
     * @param value the value given, as text; {@code ****} where it is a secret
     * @param expected what would be right, as the end of the sentence "... : it must be ..."
     */
    public record Fault(String key, String value, String expected) {

        @Override
        public String toString() {
            return key + "=" + value + ": " + expected;
        }
    }

    private static String describe(List<Fault> faults) {
        if (faults.size() == 1) {
            return "Wrong configuration: " + faults.get(0);
        }
        StringBuilder text = new StringBuilder("Wrong configuration, ").append(faults.size()).append(" faults:");
        faults.forEach(fault -> text.append("\n  ").append(fault));
        return text.toString();
    }

    /** Every fault, in the order of the keys given. */
    public List<Fault> faults() {
        return faults;
    }
}
