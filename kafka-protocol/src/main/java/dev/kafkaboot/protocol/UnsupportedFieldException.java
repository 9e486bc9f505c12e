package dev.kafkaboot.protocol;

/** A field holds a value that the negotiated version of its message cannot carry. */
public class UnsupportedFieldException extends ProtocolException {

    private static final long serialVersionUID = 1L;

    private final String field;

    private UnsupportedFieldException(String field, String message) {
        super(message);
        this.field = field;
    }

    /**
     * The failure of a field that is set in a version that does not have it.
     *
     * @param field message, structure and field, as {@code FetchRequest.rackId} or {@code FetchRequest.FetchPartition.lastFetchedEpoch}
     * @param version the version that is being written
     * @param versions the versions that have the field, as {@code 11-18}
     */
    public static UnsupportedFieldException isSet(String field, short version, String versions) {
        return new UnsupportedFieldException(
                field, field + " is set, but version " + version + " cannot carry it; versions that can: " + versions);
    }

    /**
     * The failure of a field that is null in a version in which it may not be.
     *
     * @param field message, structure and field
     * @param version the version that is being written
     * @param versions the versions in which it may be null
     */
    public static UnsupportedFieldException isNull(String field, short version, String versions) {
        return new UnsupportedFieldException(
                field, field + " is null, which version " + version + " cannot carry; versions that can: " + versions);
    }

    /** Message, structure and field. */
    public String field() {
        return field;
    }
}
