/** Tests of the SASL exchanges, by the vectors of their RFCs, on the simulated network, and against real brokers. */
@NullMarked
package dev.kafkaboot.client.net.sasl;

import org.jspecify.annotations.NullMarked;
