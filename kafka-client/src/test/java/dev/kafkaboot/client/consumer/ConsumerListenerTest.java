package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedBrokers.TOPIC;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.member;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.pollUntil;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener that throws, which it must not, costs nothing but what is logged of it. */
@Timeout(60)
class ConsumerListenerTest {

    private static ConsumerListener throwing(Set<String> called) {
        return (ConsumerListener) Proxy.newProxyInstance(ConsumerListener.class.getClassLoader(), new Class<?>[] {ConsumerListener.class}, (proxy, method, args) -> {
            called.add(method.getName());
            throw new IllegalStateException("the metrics of " + method.getName() + " are full");
        });
    }

    @Test
    void aListenerThatThrowsCostsNoRecordAndNoMembership() throws Exception {
        Set<String> called = new ConcurrentSkipListSet<>();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1)) {
            KafkaConsumer<String, String> consumer = member(brokers).listener(throwing(called)).build();
            brokers.logs().append(0, "a", "b");
            consumer.subscribe(List.of(TOPIC));

            assertThat(read(consumer, 2)).containsExactly("a", "b");
            brokers.group().forgetMember();
            pollUntil(consumer, () -> brokers.group().generation() >= 2);
            assertThat(read(consumer, 2)).containsExactly("a", "b");
            pollUntil(consumer, () -> called.contains("heartbeat"));
            consumer.close();

            assertThat(called).contains("fetched", "handedOut", "polled", "rebalanced", "partitionsLost", "heartbeat", "committed");
            assertThat(brokers.group().committed(0)).isEqualTo(2);
        }
    }
}
