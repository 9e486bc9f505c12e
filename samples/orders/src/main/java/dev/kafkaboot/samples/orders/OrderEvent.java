package dev.kafkaboot.samples.orders;

/** Something that happened to an order. Events of one order go to one partition, and so stay in their order. */
sealed interface OrderEvent permits OrderPlaced, OrderCancelled {

    /** The order's id, which is the record's key. */
    String orderId();
}
