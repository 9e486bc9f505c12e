/**
 * Build-time only: turns Kafka's message definitions (JSON) into Java. Start reading at {@link dev.kafkaboot.generator.Generator}.
 */
@NullMarked
package dev.kafkaboot.generator;

import org.jspecify.annotations.NullMarked;
