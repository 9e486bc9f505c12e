package dev.kafkaboot.samples.orders;

import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.spring.core.KafkaTemplate;
import dev.kafkaboot.spring.core.SendResult;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/** Writes what happened to the topic. A future that completes means that the broker has it. */
@Component
class OrderLog {

    private final KafkaTemplate<String, Object> kafka;

    OrderLog(KafkaTemplate<String, Object> kafka) {
        this.kafka = kafka;
    }

    /** Where the broker put the event, once it has it; fails if the broker did not acknowledge it in time. */
    CompletableFuture<RecordMetadata> append(OrderEvent event) {
        return kafka.send(OrdersApplication.TOPIC, event.orderId(), event).thenApply(SendResult::getRecordMetadata);
    }
}
