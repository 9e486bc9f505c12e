/**
 * {@code @ServiceConnection} for the Kafka containers of Testcontainers.
 *
 * <p>Loaded only where {@code spring-boot-testcontainers} and {@code testcontainers-kafka} are on the class path.
 */
@NullMarked
package dev.kafkaboot.autoconfigure.testcontainers;

import org.jspecify.annotations.NullMarked;
