/**
 * Real clients on real brokers while real things go wrong: processes are killed and frozen, connections are delayed, cut and reset. What they did is judged by
 * the same checker that judges simulations.
 */
@NullMarked
package dev.kafkaboot.client.faults;

import org.jspecify.annotations.NullMarked;
