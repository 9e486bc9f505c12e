/** Tests of OAUTHBEARER: against HTTP servers of the test, and real brokers that check tokens by the key of one. */
@NullMarked
package dev.kafkaboot.client.net.sasl.oauth;

import org.jspecify.annotations.NullMarked;
