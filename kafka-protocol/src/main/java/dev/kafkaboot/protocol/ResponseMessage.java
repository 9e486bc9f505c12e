package dev.kafkaboot.protocol;

/** A response. */
public interface ResponseMessage extends Message {

    /** The API that it belongs to. */
    ApiKey apiKey();

    /** How long the client is asked to send nothing on this connection, in milliseconds; 0 where the response does not say (KIP-219). */
    default int throttleTimeMs() {
        return 0;
    }
}
