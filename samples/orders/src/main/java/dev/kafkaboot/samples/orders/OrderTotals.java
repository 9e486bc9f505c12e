package dev.kafkaboot.samples.orders;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * The running totals of what the listener has seen. Thread-safe.
 *
 * <p>Kafka delivers at least once, so totals are kept by order: an event that comes again changes nothing.
 */
@Component
class OrderTotals {

    private final Map<String, BigDecimal> placed = new HashMap<>();
    private final Set<String> cancelled = new HashSet<>();
    private BigDecimal revenue = BigDecimal.ZERO.setScale(2, RoundingMode.UNNECESSARY);
    private long unrecognised;

    synchronized void placed(OrderPlaced order) {
        if (placed.putIfAbsent(order.orderId(), order.total()) == null && !cancelled.contains(order.orderId())) {
            revenue = revenue.add(order.total());
        }
    }

    synchronized void cancelled(OrderCancelled order) {
        BigDecimal total = placed.get(order.orderId());
        if (cancelled.add(order.orderId()) && total != null) {
            revenue = revenue.subtract(total);
        }
    }

    synchronized void unrecognised() {
        unrecognised++;
    }

    synchronized Summary summary() {
        return new Summary(placed.size(), cancelled.size(), revenue, unrecognised);
    }

    /**
     * The totals at one moment.
     *
     * @param placed orders that were placed
     * @param cancelled orders that were cancelled
     * @param revenue what the orders are worth that were placed and not cancelled
     * @param unrecognised records that are no event of an order
     */
    record Summary(int placed, int cancelled, BigDecimal revenue, long unrecognised) {}
}
