package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.AuthenticationException;
import java.util.List;

/**
 * A broker's first message in SCRAM: {@code r=nonce,s=salt,i=iterations}.
 *
 * @param text as it came
 * @param nonce the client's, and the broker's behind it
 * @param salt at least one byte
 * @param iterations within bounds
 */
record ServerFirst(String text, String nonce, byte[] salt, int iterations) {

    /**
     * Reads it.
     *
     * @throws AuthenticationException if it is malformed or asks for what the client does not do
     */
    static ServerFirst read(byte[] challenge, String clientNonce, int iterationsMax) {
        ScramText text = ScramText.read(challenge);
        List<String> fields = text.fields();
        String nonce = ScramText.value(fields, 0, 'r', "nonce");
        if (!nonce.startsWith(clientNonce) || nonce.length() == clientNonce.length()) {
            throw new AuthenticationException("the broker's nonce does not extend the client's: somebody may be replaying another authentication");
        }
        byte[] salt = ScramText.base64(ScramText.value(fields, 1, 's', "salt"), "salt");
        int iterations = iterations(ScramText.value(fields, 2, 'i', "iteration count"), iterationsMax);
        return new ServerFirst(text.whole(), nonce, salt, iterations);
    }

    private static int iterations(String value, int max) {
        if (!value.matches("[1-9][0-9]{0,9}")) {
            throw new AuthenticationException("the broker's iteration count is not a number: " + BrokerText.of(value));
        }
        long iterations = Long.parseLong(value);
        if (iterations < ScramRules.ITERATIONS_MIN) {
            throw new AuthenticationException("the broker asks for " + iterations + " iterations, fewer than the " + ScramRules.ITERATIONS_MIN
                    + " that RFC 7677 demands: what is sent would show too much of the password");
        }
        if (iterations > max) {
            throw new AuthenticationException("the broker asks for " + iterations + " iterations, more than the " + max
                    + " of sasl.scram.iterations.max");
        }
        return (int) iterations;
    }
}
