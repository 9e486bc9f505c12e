/**
 * Tests of the vocabulary that all clients share: configuration, errors, headers. {@link dev.kafkaboot.client.ArchitectureTest} holds the rules about what may
 * use what.
 */
@NullMarked
package dev.kafkaboot.client;

import org.jspecify.annotations.NullMarked;
