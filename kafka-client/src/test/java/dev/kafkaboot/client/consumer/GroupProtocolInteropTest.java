package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.InvalidRegularExpressionException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Groups on a real broker to which the coordinator assigns (KIP-848): members of this client, and of both protocols. */
@KafkaCluster
@Timeout(180)
class GroupProtocolInteropTest {

    private static final int PARTITIONS = 6;

    private final RealKafka kafka;
    private final List<String> read = new ArrayList<>();
    private int written;

    GroupProtocolInteropTest(RealKafka kafka) {
        this.kafka = kafka;
    }

    private record Member(KafkaConsumer<String, String> consumer) implements AutoCloseable {

        List<String> poll() {
            List<String> values = new ArrayList<>();
            consumer.poll(Duration.ofMillis(20)).forEach(record -> values.add(record.value()));
            return values;
        }

        Set<Integer> partitions() {
            return consumer.assignment().stream().map(TopicPartition::partition).collect(Collectors.toSet());
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    private Member member(String group, GroupProtocol protocol) {
        // In a group that moves, members of the older protocol hear of a rebalance with their heartbeats.
        Map<String, Object> quick = protocol == GroupProtocol.CLASSIC ? Map.of("heartbeat.interval.ms", 100) : Map.of();
        KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers()).groupId(group).groupProtocol(protocol).autoOffsetReset(OffsetResetPolicy.EARLIEST)
                .config(quick).build();
        consumer.subscribe(List.of(group));
        return new Member(consumer);
    }

    /** Writes some records to every partition. */
    private void write(String topic) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "enable.idempotence", false));
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < PARTITIONS * 20; i++) {
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, Integer.toString(written++)));
            }
        }
    }

    private void pollUntil(BooleanSupplier until, Member... members) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!until.getAsBoolean()) {
            assertThat(System.nanoTime()).as("polled long enough; read so far: " + read.size()).isLessThan(deadline);
            for (Member member : members) {
                read.addAll(member.poll());
            }
        }
    }

    /** Polls until the members have all partitions, each of them some and none two the same, and have read all that was written. */
    private void share(String topic, Member... members) {
        pollUntil(() -> isShared(members), members);
        write(topic);
        pollUntil(() -> read.size() >= written, members);
        assertThat(isShared(members)).as("every partition is owned once").isTrue();
        assertThat(read).as("what was read, each record once").containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, written).mapToObj(Integer::toString).toList());
    }

    private static boolean isShared(Member... members) {
        List<Integer> all = new ArrayList<>();
        for (Member member : members) {
            if (member.partitions().isEmpty()) {
                return false;
            }
            all.addAll(member.partitions());
        }
        return all.stream().sorted().toList().equals(IntStream.range(0, PARTITIONS).boxed().toList());
    }

    private String protocolOf(String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.describeConsumerGroups(List.of(group)).all().get().get(group).type().toString();
        }
    }

    @Test
    void membersOfOursShareATopicAndTakeOverFromOneThatCloses() throws Exception {
        String topic = "coordinated-ours";
        kafka.createTopic(topic, PARTITIONS);
        try (Member first = member(topic, GroupProtocol.CONSUMER)) {
            try (Member second = member(topic, GroupProtocol.CONSUMER)) {
                share(topic, first, second);
                assertThat(protocolOf(topic)).isEqualToIgnoringCase("consumer");
            }
            share(topic, first);
        }
    }

    @Test
    void groupMovesFromTheClassicProtocolToTheConsumerProtocolAndBackWhileItReads() throws Exception {
        String topic = "coordinated-move";
        kafka.createTopic(topic, PARTITIONS);
        Member first = member(topic, GroupProtocol.CLASSIC);
        Member second = member(topic, GroupProtocol.CLASSIC);
        try {
            share(topic, first, second);
            for (GroupProtocol next : List.of(GroupProtocol.CONSUMER, GroupProtocol.CLASSIC)) {
                first.close();
                first = member(topic, next);
                share(topic, first, second);
                second.close();
                second = member(topic, next);
                share(topic, first, second);
                assertThat(protocolOf(topic)).isEqualToIgnoringCase(next.name());
            }
        } finally {
            first.close();
            second.close();
        }
    }

    private KafkaConsumer<String, String> reader(String group, GroupProtocol protocol) {
        return KafkaConsumer.builder(Serializers.string(), Serializers.string()).bootstrapServers(kafka.bootstrapServers()).groupId(group)
                .groupProtocol(protocol).autoOffsetReset(OffsetResetPolicy.EARLIEST).config("metadata.max.age.ms", 500).build();
    }

    private void pollUntilItReads(KafkaConsumer<String, String> consumer, String... topics) {
        pollUntil(() -> consumer.assignment().stream().map(TopicPartition::topic).distinct().sorted().toList().equals(List.of(topics)), new Member(consumer));
    }

    /** Their expressions are read by RE2, and their assignments tell nothing but ids. */
    @Test
    void topicsThatARealCoordinatorFindsAreReadAndAnExpressionThatItCannotReadIsNamed() throws Exception {
        kafka.createTopic("found-1", 1);
        try (KafkaConsumer<String, String> consumer = reader("finds", GroupProtocol.CONSUMER)) {
            consumer.subscribe(new SubscriptionPattern("found-(?=1)"));
            assertThatThrownBy(() -> pollUntil(() -> false, new Member(consumer))).isInstanceOf(InvalidRegularExpressionException.class)
                    .hasMessageContaining("found-(?=1)");

            consumer.subscribe(new SubscriptionPattern("found-.*"));
            pollUntilItReads(consumer, "found-1");
            consumer.subscribe(List.of("found-1"));
            pollUntilItReads(consumer, "found-1");
        }
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void topicsOfARealClusterThatMatchAreReadAlsoThoseThatComeLater(GroupProtocol protocol) throws Exception {
        String prefix = "matching-" + protocol;
        kafka.createTopic(prefix + "-1", 1);
        try (KafkaConsumer<String, String> consumer = reader(prefix, protocol)) {
            consumer.subscribe(Pattern.compile(prefix + "-.*"));
            pollUntilItReads(consumer, prefix + "-1");

            kafka.createTopic(prefix + "-2", 1);

            pollUntilItReads(consumer, prefix + "-1", prefix + "-2");
        }
    }
}
