/**
 * A real broker for an application's tests, and for its start on a developer's machine.
 *
 * <p>{@link dev.kafkaboot.autoconfigure.test.AutoConfigureRealKafka} gives a test its broker;
 * {@link dev.kafkaboot.autoconfigure.test.RealKafkaConfiguration} gives it to a test main. Both need {@code kafka-test} and Apache's broker, which
 * {@code kafka-spring-boot-starter-test} brings.
 */
@NullMarked
package dev.kafkaboot.autoconfigure.test;

import org.jspecify.annotations.NullMarked;
