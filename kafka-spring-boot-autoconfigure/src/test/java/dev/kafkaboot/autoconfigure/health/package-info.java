/** Tests of what {@code /actuator/health} says of brokers and listeners. */
@NullMarked
package dev.kafkaboot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;
