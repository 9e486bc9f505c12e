/**
 * Kafka for tests: {@link dev.kafkaboot.test.RealKafka} runs Apache's broker in child JVMs on loopback, without Docker.
 *
 * <p>Start reading at {@code RealKafka}. {@code BrokerProcess} is one child JVM, {@code BrokerClassPath} decides what that
 * JVM may see, {@code BrokerProperties} how it is set up. What runs inside the child is in
 * {@code dev.kafkaboot.test.broker}; the JUnit extension is in {@code dev.kafkaboot.test.junit}. This package may use
 * {@code dev.kafkaboot.protocol}, never the client.
 */
@NullMarked
package dev.kafkaboot.test;

import org.jspecify.annotations.NullMarked;
