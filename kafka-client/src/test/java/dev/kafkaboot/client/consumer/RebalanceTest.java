package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedBrokers.TOPIC;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.member;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.HeartbeatResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to partitions when rebalances come in each other's way. */
@Timeout(60)
class RebalanceTest {

    private static ScriptedBrokers.Answer heartbeat(ErrorCode error) {
        return request -> new HeartbeatResponse().errorCode(error.code());
    }

    @Test
    void partitionsThatAreGivenAgainStayWhenAnEarlierGivingUpEnds() throws Exception {
        RebalanceEvents events = new RebalanceEvents();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = member(brokers).build()) {
            brokers.logs().append(0, "a");
            consumer.subscribe(List.of(TOPIC), events);
            assertThat(read(consumer, 1)).containsExactly("a");
            events.assertNext("assigned[orders-0]");

            // 1. the group rebalances, and the application is still at its record; 2. the coordinator drops the member; 3. it joins again
            brokers.once(ApiKey.HEARTBEAT, heartbeat(ErrorCode.REBALANCE_IN_PROGRESS), request -> {
                brokers.group().forgetMember();
                return brokers.properAnswer(request);
            });
            events.assertNext("lost[orders-0]", "assigned[orders-0]");

            assertThat(read(consumer, 1)).as("nothing was committed").containsExactly("a");
            assertThat(consumer.poll(Duration.ofMillis(100)).isEmpty()).as("this shows that everything before is finished").isTrue();
            brokers.logs().append(0, "b");
            assertThat(read(consumer, 1)).containsExactly("b");
            assertThat(consumer.assignment()).containsExactly(FIRST);
            events.assertNoMore();
        }
    }
}
