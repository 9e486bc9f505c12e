package dev.kafkaboot.spring.support;

/** The payload of a {@link org.springframework.messaging.Message} for a record without a value (a tombstone), because a message cannot have none. */
public final class KafkaNull {

    /** The only one. */
    public static final KafkaNull INSTANCE = new KafkaNull();

    private KafkaNull() {}

    @Override
    public String toString() {
        return "KafkaNull";
    }
}
