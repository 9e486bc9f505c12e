/**
 * What runs inside the child JVM: {@link dev.kafkaboot.test.broker.BrokerMain} formats the data directory and starts Apache's
 * broker, {@link dev.kafkaboot.test.broker.BrokerLogProvider} writes its log.
 *
 * <p>Nothing here may use anything but the JDK, SLF4J and, by reflection, Apache's broker: the child's class path holds no more.
 */
@NullMarked
package dev.kafkaboot.test.broker;

import org.jspecify.annotations.NullMarked;
