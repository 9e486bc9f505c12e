package dev.kafkaboot.client.net.sasl;

import dev.kafkaboot.client.AuthenticationException;

/** A broker's last message in SCRAM: {@code v=signature}, or {@code e=error}. */
final class ServerFinal {

    private ServerFinal() {}

    /**
     * The signature.
     *
     * @throws AuthenticationException if there is none, with the broker's reason if it gives one
     */
    static byte[] read(byte[] challenge) {
        return ScramText.base64(ScramText.value(ScramText.read(challenge).fields(), 0, 'v', "signature"), "signature");
    }
}
