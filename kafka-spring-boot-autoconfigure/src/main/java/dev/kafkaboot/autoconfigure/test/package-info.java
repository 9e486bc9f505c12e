/**
 * Kafka for an application's tests, and for its start on a developer's machine.
 *
 * <p>{@link dev.kafkaboot.autoconfigure.test.AutoConfigureFakeKafka} gives a test a fake one in milliseconds,
 * {@link dev.kafkaboot.autoconfigure.test.AutoConfigureRealKafka} a real broker;
 * {@link dev.kafkaboot.autoconfigure.test.RealKafkaConfiguration} gives that to a test main. All need {@code kafka-test}, and the real ones Apache's
 * broker; {@code kafka-spring-boot-starter-test} brings both.
 */
@NullMarked
package dev.kafkaboot.autoconfigure.test;

import org.jspecify.annotations.NullMarked;
