/**
 * Tests of {@code dev.kafkaboot.client.consumer}, most of them against brokers that answer what a test says: {@link
 * dev.kafkaboot.client.consumer.ScriptedBrokers} is the place to start reading.
 */
@NullMarked
package dev.kafkaboot.client.consumer;

import org.jspecify.annotations.NullMarked;
