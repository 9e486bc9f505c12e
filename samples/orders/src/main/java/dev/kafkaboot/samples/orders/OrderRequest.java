package dev.kafkaboot.samples.orders;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a caller sends to order something. Every part may be missing, because callers make mistakes. */
record OrderRequest(
        @Nullable String orderId, @Nullable String customer, @Nullable String item, @Nullable Integer quantity, @Nullable BigDecimal unitPrice) {

    /**
     * The event that this becomes.
     *
     * @throws BadOrderException if a part is missing or cannot be right
     */
    OrderPlaced placedAt(Instant now) {
        return new OrderPlaced(
                text("orderId", orderId), text("customer", customer), text("item", item), checkedQuantity(), checkedUnitPrice(), now);
    }

    private static String text(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new BadOrderException(name + " is missing");
        }
        return value;
    }

    private int checkedQuantity() {
        if (quantity == null || quantity < 1) {
            throw new BadOrderException("quantity must be at least 1, but is " + quantity);
        }
        return quantity;
    }

    private BigDecimal checkedUnitPrice() {
        if (unitPrice == null || unitPrice.signum() < 0) {
            throw new BadOrderException("unitPrice must not be negative, but is " + unitPrice);
        }
        return unitPrice;
    }
}
