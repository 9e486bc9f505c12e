package dev.kafkaboot.protocol;

/** A message does not exist in the version asked for, or the two sides have no version in common. */
public class UnsupportedVersionException extends ProtocolException {

    private static final long serialVersionUID = 1L;

    public UnsupportedVersionException(String message) {
        super(message);
    }

    /** The failure of a message that has no such version. */
    public static UnsupportedVersionException of(String message, int version, int lowest, int highest) {
        return new UnsupportedVersionException(
                message + " has no version " + version + "; it has " + lowest + " to " + highest);
    }
}
