/**
 * The broker of {@code compose.yaml}, for {@code spring-boot-docker-compose}.
 *
 * <p>Loaded only where that is on the class path.
 */
@NullMarked
package dev.kafkaboot.autoconfigure.docker.compose;

import org.jspecify.annotations.NullMarked;
