package dev.kafkaboot.samples.orders;

import java.math.BigDecimal;
import java.time.Instant;

/** A customer ordered something. */
record OrderPlaced(String orderId, String customer, String item, int quantity, BigDecimal unitPrice, Instant at) implements OrderEvent {

    BigDecimal total() {
        return unitPrice.multiply(BigDecimal.valueOf(quantity));
    }
}
