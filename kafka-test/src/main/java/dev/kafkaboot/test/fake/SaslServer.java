package dev.kafkaboot.test.fake;

/** The server's side of one authentication. */
interface SaslServer {

    /**
     * Answers a message of the client.
     *
     * @throws SaslRefusal if the client is not who it claims to be, or does not speak the mechanism
     */
    byte[] respond(byte[] message);

    /** Whether the client is who it claims to be. */
    boolean isComplete();

    /** Who that is. */
    String user();
}
