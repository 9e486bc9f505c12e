/**
 * A web shop's orders over Kafka: what comes in by HTTP is acknowledged when the broker has it, and a listener keeps the totals.
 *
 * <p>Start reading at {@link dev.kafkaboot.samples.orders.OrdersController} for the way in and at
 * {@code OrderListener} for the way out.
 */
@NullMarked
package dev.kafkaboot.samples.orders;

import org.jspecify.annotations.NullMarked;
