package dev.kafkaboot.samples.orders;

import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.spring.annotation.KafkaListener;
import dev.kafkaboot.spring.support.Acknowledgment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A second reader of the same topic, which sees the records themselves and says when it is done with each. Thread-safe. */
@RestController
class AuditTrail {

    private static final int KEPT = 1_000;

    private final Deque<Entry> latest = new ArrayDeque<>();

    @KafkaListener(id = "orders-audit", topics = OrdersApplication.TOPIC, ackMode = "MANUAL")
    void audit(ConsumerRecord<String, ?> record, Acknowledgment acknowledgment) {
        keep(new Entry(record.partition(), record.offset(), record.key()));
        acknowledgment.acknowledge();
    }

    /** The latest entries, the newest first. */
    @GetMapping("/orders/audit")
    synchronized List<Entry> latest() {
        return List.copyOf(latest);
    }

    private synchronized void keep(Entry entry) {
        latest.addFirst(entry);
        if (latest.size() > KEPT) {
            latest.removeLast();
        }
    }

    /** One event's place in the topic. */
    record Entry(int partition, long offset, @Nullable String orderId) {}
}
