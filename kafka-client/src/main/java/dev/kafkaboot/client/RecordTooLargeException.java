package dev.kafkaboot.client;

/** A record is larger than the client or the broker accepts. */
public class RecordTooLargeException extends KafkaException {

    private static final long serialVersionUID = 1L;

    private final long size;
    private final long limit;

    /**
     * A record that was refused for its size.
     *
     * @param message names the record, both sizes and the setting to change
     * @param size the record's size in bytes, serialised, with its overhead
     * @param limit the limit in bytes
     */
    public RecordTooLargeException(String message, long size, long limit) {
        super(message);
        this.size = size;
        this.limit = limit;
    }

    /** The record's size in bytes, serialised, with its overhead. */
    public long size() {
        return size;
    }

    /** The limit in bytes. */
    public long limit() {
        return limit;
    }
}
