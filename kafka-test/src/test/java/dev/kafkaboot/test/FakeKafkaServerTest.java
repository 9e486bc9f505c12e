package dev.kafkaboot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fake behind sockets, with Apache's own clients on the other side. */
@Timeout(60)
class FakeKafkaServerTest {

    @Test
    void apachesClientsProduceAndConsume() throws Exception {
        try (FakeKafkaServer kafka = FakeKafkaServer.start(FakeKafka.builder().brokers(3))) {
            kafka.createTopic("orders", 3);
            List<String> sent = produce(kafka, "orders", 200);

            List<String> read = consume(kafka, "orders", "billing", sent.size());

            assertThat(read).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    @Test
    void groupGoesOnWhereItCommitted() throws Exception {
        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            kafka.createTopic("orders", 1);
            List<String> first = produce(kafka, "orders", 10);
            assertThat(consume(kafka, "orders", "billing", 10)).isEqualTo(first);

            List<String> second = produce(kafka, "orders", 5);

            assertThat(consume(kafka, "orders", "billing", 5)).isEqualTo(second);
        }
    }

    @Test
    void ruleReachesAClient() {
        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            kafka.createTopic("orders", 1);
            kafka.tell(cluster -> cluster.on(ProduceRequest.class).fail(ErrorCode.TOPIC_AUTHORIZATION_FAILED));
            try (KafkaProducer<String, String> producer = producer(kafka)) {

                assertThatThrownBy(() -> producer.send(new ProducerRecord<>("orders", "a")).get())
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(TopicAuthorizationException.class);
            }
        }
    }

    @Test
    void clientOutlivesBrokersThatDieMoveAndComeBack() throws Exception {
        try (FakeKafkaServer kafka = FakeKafkaServer.start(FakeKafka.builder().brokers(3).failoverMillis(50))) {
            kafka.createTopic("orders", 3);
            try (KafkaProducer<String, String> producer = producer(kafka)) {
                List<String> sent = new ArrayList<>();
                for (int round = 0; round < 3; round++) {
                    int broker = round + 1;
                    for (int i = 0; i < 20; i++) {
                        String value = round + "-" + i;
                        producer.send(new ProducerRecord<>("orders", value)).get();
                        sent.add(value);
                        if (i == 5) {
                            kafka.killBroker(broker);
                        }
                        if (i == 10) {
                            kafka.startBroker(broker);
                            if (broker != 1) { // a client that reaches nobody begins anew with its bootstrap addresses: one has to be alive
                                kafka.moveBroker(broker);
                            }
                        }
                    }
                }
                assertThat(consume(kafka, "orders", "billing", sent.size())).containsExactlyInAnyOrderElementsOf(sent);
            }
        }
    }

    @Test
    void stoppedBrokerRefusesConnections() throws Exception {
        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            String address = kafka.bootstrapServers();
            kafka.stopBroker(1);

            assertThatThrownBy(() -> connect(address).close()).isInstanceOf(java.net.ConnectException.class);

            kafka.startBroker(1);
            connect(address).close();
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
        }
    }

    @Test
    void closedClusterRefusesAndSaysSo() {
        FakeKafkaServer kafka = FakeKafkaServer.start();
        kafka.close();
        kafka.close();

        assertThatThrownBy(kafka::bootstrapServers).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void mistakeOfTheTestReachesTheTestAndCostsNothingElse() {
        try (FakeKafkaServer kafka = FakeKafkaServer.start()) {
            kafka.createTopic("orders", 1);

            assertThatThrownBy(() -> kafka.createTopic("orders", 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("orders");

            assertThat(kafka.brokerCount()).isOne();
        }
    }

    @Test
    void defectOfTheFakeIsToldWhenItIsClosed() {
        FakeKafkaServer kafka = FakeKafkaServer.start();
        kafka.createTopic("orders", 1);
        kafka.tell(cluster -> cluster.on(ProduceRequest.class).before(request -> {
            throw new IllegalStateException("a defect");
        }));
        try (KafkaProducer<String, String> producer = producer(kafka)) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("orders", "a")).get()).isInstanceOf(ExecutionException.class);
        }

        assertThatThrownBy(kafka::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("a defect");
    }

    private static java.net.Socket connect(String address) throws java.io.IOException {
        int colon = address.lastIndexOf(':');
        return new java.net.Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    }

    private static KafkaProducer<String, String> producer(FakeKafkaServer kafka) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "enable.idempotence", false, "delivery.timeout.ms", 20_000,
                        "request.timeout.ms", 5_000, "linger.ms", 0, "metadata.max.age.ms", 1_000),
                new StringSerializer(), new StringSerializer());
    }

    private static List<String> produce(FakeKafkaServer kafka, String topic, int count) throws Exception {
        List<String> values = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer(kafka)) {
            for (int i = 0; i < count; i++) {
                String value = topic + "-" + System.nanoTime();
                producer.send(new ProducerRecord<>(topic, value)).get();
                values.add(value);
            }
        }
        return values;
    }

    private static List<String> consume(FakeKafkaServer kafka, String topic, String group, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", group, "auto.offset.reset", "earliest"),
                new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (values.size() < count) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(record.value());
                }
            }
            consumer.commitSync();
        }
        return values;
    }
}
