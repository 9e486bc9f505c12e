package dev.kafkaboot.protocol;

/** A field holds a value that the negotiated version of its message cannot carry. */
public class UnsupportedFieldException extends ProtocolException {

    private static final long serialVersionUID = 1L;

    /**
     * A field that cannot be carried.
     *
     * @param field message and field, as {@code FetchRequest.rackId}
     * @param version the version that is being written
     * @param versions the versions that carry the field, as the definition writes them ({@code 11+})
     */
    public UnsupportedFieldException(String field, int version, String versions) {
        super(field + " is set, but version " + version + " cannot carry it; versions that can: " + versions);
    }
}
