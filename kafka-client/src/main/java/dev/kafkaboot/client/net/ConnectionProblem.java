package dev.kafkaboot.client.net;

import java.io.IOException;

/** Something is wrong with a connection, said as the end of a sentence that begins with the broker's name. */
final class ConnectionProblem extends IOException {

    private static final long serialVersionUID = 1L;

    ConnectionProblem(String message) {
        super(message);
    }

    ConnectionProblem(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
