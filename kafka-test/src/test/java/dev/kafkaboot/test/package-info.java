/** Tests of the test kit, against real brokers. */
@NullMarked
package dev.kafkaboot.test;

import org.jspecify.annotations.NullMarked;
