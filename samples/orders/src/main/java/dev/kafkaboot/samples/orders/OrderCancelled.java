package dev.kafkaboot.samples.orders;

import java.time.Instant;

/** A customer took an order back. */
record OrderCancelled(String orderId, String reason, Instant at) implements OrderEvent {}
