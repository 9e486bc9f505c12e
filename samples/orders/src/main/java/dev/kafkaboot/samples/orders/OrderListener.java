package dev.kafkaboot.samples.orders;

import dev.kafkaboot.spring.annotation.KafkaHandler;
import dev.kafkaboot.spring.annotation.KafkaListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Keeps the totals: each event goes to the method that takes its type. */
@Component
@KafkaListener(id = "orders", topics = OrdersApplication.TOPIC)
class OrderListener {

    private static final Logger logger = LoggerFactory.getLogger(OrderListener.class);

    private final OrderTotals totals;

    OrderListener(OrderTotals totals) {
        this.totals = totals;
    }

    @KafkaHandler
    void placed(OrderPlaced order) {
        totals.placed(order);
    }

    @KafkaHandler
    void cancelled(OrderCancelled order) {
        totals.cancelled(order);
    }

    @KafkaHandler(isDefault = true)
    void unrecognised(Object payload) {
        logger.warn("Neither placed nor cancelled: {}", payload);
        totals.unrecognised();
    }
}
