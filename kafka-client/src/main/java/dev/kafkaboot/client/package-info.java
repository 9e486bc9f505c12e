/**
 * The vocabulary that every client shares: topics and offsets, headers, configuration and the family of exceptions.
 *
 * <p>Nothing here does I/O and nothing here has state that changes, {@link dev.kafkaboot.client.Headers} excepted. Start reading at
 * {@link dev.kafkaboot.client.ClientConfig} for configuration and at {@link dev.kafkaboot.client.KafkaException} for errors.
 */
@NullMarked
package dev.kafkaboot.client;

import org.jspecify.annotations.NullMarked;
