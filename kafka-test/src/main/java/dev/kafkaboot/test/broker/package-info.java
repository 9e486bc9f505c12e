/**
 * What runs inside the child JVMs: {@link dev.kafkaboot.test.broker.BrokerMain} starts Apache's broker, {@link dev.kafkaboot.test.broker.ZooKeeperMain} the
 * ZooKeeper that old ones need, and {@link dev.kafkaboot.test.broker.BrokerLogProvider} writes their logs.
 *
 * <p>Nothing here may use anything but the JDK, SLF4J and, by reflection, Apache's broker: the child's class path holds no more.
 */
@NullMarked
package dev.kafkaboot.test.broker;

import org.jspecify.annotations.NullMarked;
