package dev.kafkaboot.spring.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.spring.TestApplication;
import dev.kafkaboot.spring.support.KafkaHeaders;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.messaging.support.MessageBuilder;

@KafkaCluster
@Timeout(60)
class KafkaTemplateTests {

    record Order(String id) {}

    @Test
    void everyWayOfSendingTellsWhereTheRecordIs(RealKafka kafka) throws Exception {
        kafka.createTopic("template-all", 3);
        try (TestApplication application = new TestApplication(kafka.bootstrapServers()).start()) {
            KafkaTemplate<String, Object> template = application.template();
            template.setDefaultTopic("template-all");

            assertThat(template.send("template-all", new Order("a")).get(30, TimeUnit.SECONDS).getRecordMetadata().offset()).isNotNegative();
            assertThat(template.send("template-all", 2, "key", new Order("b")).get(30, TimeUnit.SECONDS).getRecordMetadata().partition()).isEqualTo(2);
            assertThat(template.sendDefault(1, 12345L, "key", new Order("c")).get(30, TimeUnit.SECONDS).getRecordMetadata().timestamp()).isEqualTo(12345L);
            SendResult<String, Object> result = template
                    .send(MessageBuilder.withPayload(new Order("d")).setHeader(KafkaHeaders.PARTITION, 0).setHeader("trace", "x").build())
                    .get(30, TimeUnit.SECONDS);
            assertThat(result.getRecordMetadata().topic()).isEqualTo("template-all");
            assertThat(result.getProducerRecord().headers().lastHeader("trace").text()).isEqualTo("x");
            assertThat(result.getProducerRecord().headers().lastHeader("__TypeId__").text()).isEqualTo(Order.class.getName());
            assertThat(template.partitionsFor("template-all")).hasSize(3);
            assertThat((Object) template.execute(producer -> producer.bufferCapacityBytes())).isNotNull();
            template.flush();
        }
    }

    @Test
    void failureTellsWhichRecordItIs(RealKafka kafka) {
        try (TestApplication application = new TestApplication(kafka.bootstrapServers()).start()) {
            ProducerRecord<String, Object> record = new ProducerRecord<>("not a topic!", "value");

            assertThatThrownBy(() -> application.template().send(record).join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(KafkaProducerException.class, failure -> assertThat(failure.getProducerRecord()).isSameAs(record))
                    .hasMessageContaining("not a topic!");
        }
    }

    @Test
    void whatNeverBecomesARecordFailsTheFutureToo(RealKafka kafka) {
        try (TestApplication application = new TestApplication(kafka.bootstrapServers()).start()) {
            KafkaTemplate<String, Object> template = application.template();

            assertThat(List.of(
                            template.sendDefault("value"),
                            template.sendDefault("key", "value"),
                            template.send(MessageBuilder.withPayload("value").build()),
                            template.send(MessageBuilder.withPayload("value").setHeader(KafkaHeaders.TOPIC, 7).build())))
                    .allSatisfy(future -> assertThat(future).failsWithin(Duration.ofSeconds(30))
                            .withThrowableOfType(ExecutionException.class)
                            .havingCause()
                            .isInstanceOfSatisfying(KafkaProducerException.class, failure -> assertThat(failure.getProducerRecord()).isNull()));
        }
    }

    @Test
    void whatWasSentIsThereAfterTheApplicationWasClosed(RealKafka kafka) {
        kafka.createTopic("template-close", 1);
        java.util.concurrent.CompletableFuture<SendResult<String, Object>> sent;
        try (TestApplication application = new TestApplication(kafka.bootstrapServers()).start()) {
            sent = application.template().send("template-close", new Order("last"));
        }

        assertThat(sent).succeedsWithin(Duration.ofSeconds(30));
    }
}
