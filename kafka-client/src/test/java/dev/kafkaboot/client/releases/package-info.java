/**
 * The clients on real brokers of older releases. Each of the contracts is a set of tests that a class for a release takes over, such as {@code Kafka28Test};
 * what the releases differ in is in those classes. One broker serves the whole class.
 */
@NullMarked
package dev.kafkaboot.client.releases;

import org.jspecify.annotations.NullMarked;
