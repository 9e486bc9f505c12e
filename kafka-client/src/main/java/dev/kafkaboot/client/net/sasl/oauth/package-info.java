/**
 * OAUTHBEARER (RFC 7628, KIP-255): the exchange with the broker, and the grants by which tokens are had. Start reading with
 * {@link dev.kafkaboot.client.net.sasl.oauth.OAuthBearerMechanism}.
 */
@NullMarked
package dev.kafkaboot.client.net.sasl.oauth;

import org.jspecify.annotations.NullMarked;
