/**
 * SASL: agrees with a broker on a mechanism ({@code Handshake}), carries its messages ({@code Conversation}), and authenticates again before a session ends
 * ({@code SaslAuthenticator}, where reading begins). PLAIN and SCRAM are here; {@code MechanismChoice} makes the one that a configuration asks for.
 */
@NullMarked
package dev.kafkaboot.client.net.sasl;

import org.jspecify.annotations.NullMarked;
