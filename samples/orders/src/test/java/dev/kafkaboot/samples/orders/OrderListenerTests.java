package dev.kafkaboot.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkaboot.autoconfigure.test.AutoConfigureFakeKafka;
import dev.kafkaboot.spring.core.KafkaTemplate;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** The listener on a fake Kafka: what docs/testing.md shows. */
@SpringBootTest
@AutoConfigureFakeKafka(topics = "orders")
class OrderListenerTests {

    @Autowired
    private KafkaTemplate<String, Object> template;

    @Autowired
    private OrderTotals totals;

    @Test
    void placedOrderCounts() {
        template.send("orders", "1", new OrderPlaced("1", "C-1", "travel-mug", 2, new BigDecimal("16.80"), Instant.now())).join();

        await().untilAsserted(() -> assertThat(totals.summary().revenue()).isEqualByComparingTo("33.60"));
    }
}
