/**
 * The JUnit extension: {@link dev.kafkaboot.test.junit.KafkaCluster} gives a test class a Kafka cluster, a fake one of its own or a real one that is
 * shared with the other classes that ask for the same.
 *
 * <p>It needs JUnit 6 on the class path, which the test kit does not bring.
 */
@NullMarked
package dev.kafkaboot.test.junit;

import org.jspecify.annotations.NullMarked;
