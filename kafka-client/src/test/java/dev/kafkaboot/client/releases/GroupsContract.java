package dev.kafkaboot.client.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.SubscriptionPattern;
import dev.kafkaboot.client.mixed.MixedGroups;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.protocol.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classic groups, which is what brokers have until they are told to have the newer ones. */
interface GroupsContract extends OnOldBroker {

    @ParameterizedTest
    @ValueSource(strings = {"RANGE", "COOPERATIVE_STICKY"})
    default void membersOfBothClientsComeAndGo(String sharing) throws Exception {
        MixedGroups.comeAndGo(broker().kafka.bootstrapServers(), "group-" + sharing, sharing);
    }

    @Test
    default void nextMemberGoesOnWhereTheLastHasCommitted() {
        broker().kafka.createTopic("committed", 1);
        try (KafkaProducer<String, String> producer = broker().producer().build()) {
            List.of("a", "b", "c").forEach(value -> producer.send("committed", value).join());
        }

        try (KafkaConsumer<String, String> first = broker().consumer().groupId("committing").autoCommit(false).maxPollRecords(2).build()) {
            first.subscribe(List.of("committed"));
            assertThat(OldBroker.read(first, 2)).containsExactly("a", "b");
            first.commit();
        }

        try (KafkaConsumer<String, String> next = broker().consumer().groupId("committing").build()) {
            next.subscribe(List.of("committed"));
            assertThat(OldBroker.read(next, 1)).containsExactly("c");
        }
    }

    @Test
    default void memberThatMayChooseIsOneOfAClassicGroup() {
        broker().kafka.createTopic("chosen", 1);
        try (KafkaProducer<String, String> producer = broker().producer().build();
                KafkaConsumer<String, String> consumer = broker().consumer().groupId("choosing").groupProtocol(GroupProtocol.AUTO).build()) {
            producer.send("chosen", "a").join();
            consumer.subscribe(List.of("chosen"));

            assertThat(OldBroker.read(consumer, 1)).containsExactly("a");
            consumer.commit();
        }
    }

    @Test
    default void newerGroupProtocolIsToldToBeMissing() {
        try (KafkaConsumer<String, String> consumer = broker().consumer().groupId("newer").groupProtocol(GroupProtocol.CONSUMER).build()) {
            consumer.subscribe(List.of("nothing"));

            assertThatThrownBy(() -> consumer.poll(OldBroker.LIMIT)).isInstanceOfSatisfying(KafkaException.class,
                    reason -> assertThat(reason.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION)).hasMessageContaining("from Kafka 4.0 on");
        }
    }

    @Test
    default void patternForTheCoordinatorIsToldToBeMissing() {
        try (KafkaConsumer<String, String> consumer = broker().consumer().groupId("patterned").groupProtocol(GroupProtocol.AUTO).build()) {
            consumer.subscribe(new SubscriptionPattern("nothing-.*"));

            assertThatThrownBy(() -> consumer.poll(OldBroker.LIMIT)).isInstanceOfSatisfying(KafkaException.class,
                    reason -> assertThat(reason.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION));
        }
    }
}
