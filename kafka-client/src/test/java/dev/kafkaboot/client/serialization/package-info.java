/** Tests of {@code dev.kafkaboot.client.serialization}. */
@NullMarked
package dev.kafkaboot.client.serialization;

import org.jspecify.annotations.NullMarked;
