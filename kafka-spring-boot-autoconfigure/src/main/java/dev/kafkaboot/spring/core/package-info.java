/** Sending, the factories of clients, and the creation of topics. Start with {@link dev.kafkaboot.spring.core.KafkaTemplate}. */
@NullMarked
package dev.kafkaboot.spring.core;

import org.jspecify.annotations.NullMarked;
