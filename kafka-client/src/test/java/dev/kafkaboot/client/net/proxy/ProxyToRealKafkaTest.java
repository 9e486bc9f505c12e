package dev.kafkaboot.client.net.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.HostPort;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.junit.KafkaCluster;
import dev.kafkaboot.test.RealKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Producer and consumer of a real broker, all of whose connections lead through a proxy. */
@KafkaCluster
@Timeout(120)
class ProxyToRealKafkaTest {

    private final RealKafka kafka;

    ProxyToRealKafkaTest(RealKafka kafka) {
        this.kafka = kafka;
    }

    @Test
    void recordsGoThroughSocksAndComeBackThroughHttp() throws Exception {
        String topic = "through-proxies";
        kafka.createTopic(topic, 1);
        try (ProxyServer socks = ProxyServer.socks("me", "p@ss"); ProxyServer http = ProxyServer.http("me", "p@ss")) {
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                    .bootstrapServers(kafka.bootstrapServers()).config("proxy.url", "socks5h://me:p%40ss@127.0.0.1:" + socks.port()).build()) {
                List<CompletableFuture<?>> sent = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                    sent.add(producer.send(topic, "k", Integer.toString(i).repeat(100)));
                }
                CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            }

            List<String> read = new ArrayList<>();
            try (KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                    .bootstrapServers(kafka.bootstrapServers()).groupId("behind-proxies").autoOffsetReset(OffsetResetPolicy.EARLIEST)
                    .config("proxy.url", "http://me:p%40ss@127.0.0.1:" + http.port()).build()) {
                consumer.subscribe(List.of(topic));
                while (read.size() < 1000) {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                        read.add(record.value());
                    }
                }
            }

            assertThat(read).hasSize(1000).startsWith("0".repeat(100)).endsWith("999".repeat(100));
            int port = HostPort.parse(kafka.bootstrapServers()).port();
            assertThat(socks.asked()).isNotEmpty().allMatch(target -> target.endsWith(":" + port));
            assertThat(http.asked()).isNotEmpty().allMatch(target -> target.endsWith(":" + port));
        }
    }
}
