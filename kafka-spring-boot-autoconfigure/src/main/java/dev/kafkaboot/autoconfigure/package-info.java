/**
 * Makes a Spring Boot application a Kafka application: binds {@code kafka.*} properties and registers the beans.
 *
 * <p>Start reading at {@link dev.kafkaboot.autoconfigure.KafkaAutoConfiguration}; what the properties mean for the clients is told by
 * {@code ClientSettings}. Only what an application may want to use or replace is public: the properties, the connection details and the
 * customizers.
 */
@NullMarked
package dev.kafkaboot.autoconfigure;

import org.jspecify.annotations.NullMarked;
