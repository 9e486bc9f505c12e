package dev.kafkaboot.client.net;

import java.io.IOException;

/** Something is wrong with a connection, said as the end of a sentence that begins with the broker's name. */
public final class ConnectionProblem extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean cutOff;

    public ConnectionProblem(String message) {
        super(message);
        this.cutOff = false;
    }

    public ConnectionProblem(String message, Throwable cause) {
        super(message, cause);
        this.cutOff = false;
    }

    private ConnectionProblem(String message, boolean cutOff) {
        super(message);
        this.cutOff = cutOff;
    }

    /** The stream ended without the word that its protocol has for that: somebody may have cut it off, or the peer does not trouble itself. */
    public static ConnectionProblem cutOff(String message) {
        return new ConnectionProblem(message, /* cutOff= */ true);
    }

    /** Whether all that is wrong is that the stream ended without a word. */
    boolean isCutOff() {
        return cutOff;
    }

    /** What went wrong, as the end of the sentence "127.0.0.1:9092 ...". */
    public static String reason(Throwable failure) {
        return Diagnosis.reason(failure);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
