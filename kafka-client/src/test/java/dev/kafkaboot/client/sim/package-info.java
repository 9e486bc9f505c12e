/**
 * The real client on virtual time: loops, threads and a network that are nothing but events in one queue, so that a run depends on its seed and on nothing
 * else.
 *
 * <p>{@link dev.kafkaboot.client.sim.Simulation} is the place to start reading; {@link dev.kafkaboot.client.sim.SimulatedProcess} is where the code under
 * test runs, {@link dev.kafkaboot.client.sim.SimulatedNetwork} is what it talks to, and {@link dev.kafkaboot.client.sim.Faults} is what goes wrong.
 */
@NullMarked
package dev.kafkaboot.client.sim;

import org.jspecify.annotations.NullMarked;
