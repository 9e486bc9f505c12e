/** The metrics that brokers ask for: their form, the protocol in simulated time, and a real broker. */
@NullMarked
package dev.kafkaboot.client.telemetry;

import org.jspecify.annotations.NullMarked;
