package dev.kafkaboot.record.compress;

import dev.kafkaboot.protocol.ProtocolException;

/** The library of a codec is not on the class path, or does not run on this machine. */
public class MissingCodecException extends ProtocolException {

    private static final long serialVersionUID = 1L;

    MissingCodecException(CompressionType type, String artifact, LinkageError cause) {
        super("Compression '" + type.configName() + "' needs " + artifact + ": add it to the class path (" + cause + ")", cause);
    }
}
