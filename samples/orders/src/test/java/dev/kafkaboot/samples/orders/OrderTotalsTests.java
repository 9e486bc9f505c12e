package dev.kafkaboot.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OrderTotalsTests {

    private final OrderTotals totals = new OrderTotals();

    @Test
    void revenueIsThatOfOrdersThatWereNotCancelled() {
        totals.placed(order("O-1", 2, "10.50"));
        totals.placed(order("O-2", 1, "4.00"));
        totals.cancelled(cancellation("O-2"));

        assertThat(totals.summary()).isEqualTo(new OrderTotals.Summary(2, 1, new BigDecimal("21.00"), 0));
    }

    @Test
    void anEventThatComesAgainChangesNothing() {
        totals.placed(order("O-1", 2, "10.50"));
        totals.placed(order("O-1", 2, "10.50"));
        totals.placed(order("O-2", 1, "4.00"));
        totals.cancelled(cancellation("O-2"));
        totals.cancelled(cancellation("O-2"));
        totals.placed(order("O-2", 1, "4.00"));

        assertThat(totals.summary()).isEqualTo(new OrderTotals.Summary(2, 1, new BigDecimal("21.00"), 0));
    }

    private static OrderPlaced order(String id, int quantity, String unitPrice) {
        return new OrderPlaced(id, "C-1", "dripper-ceramic", quantity, new BigDecimal(unitPrice), Instant.EPOCH);
    }

    private static OrderCancelled cancellation(String id) {
        return new OrderCancelled(id, "changed-mind", Instant.EPOCH);
    }
}
