package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups on a real broker to which the coordinator assigns (KIP-848): members of ours, of Apache's, and of both protocols. */
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

    /** A member of a group, whoever wrote it. */
    private interface Member extends AutoCloseable {

        List<String> poll();

        Set<Integer> partitions();

        @Override
        void close();
    }

    private record Ours(KafkaConsumer<String, String> consumer) implements Member {

        @Override
        public List<String> poll() {
            List<String> values = new ArrayList<>();
            consumer.poll(Duration.ofMillis(20)).forEach(record -> values.add(record.value()));
            return values;
        }

        @Override
        public Set<Integer> partitions() {
            return consumer.assignment().stream().map(TopicPartition::partition).collect(Collectors.toSet());
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    private record Apaches(org.apache.kafka.clients.consumer.KafkaConsumer<String, String> consumer) implements Member {

        @Override
        public List<String> poll() {
            List<String> values = new ArrayList<>();
            consumer.poll(Duration.ofMillis(20)).forEach(record -> values.add(record.value()));
            return values;
        }

        @Override
        public Set<Integer> partitions() {
            return consumer.assignment().stream().map(org.apache.kafka.common.TopicPartition::partition).collect(Collectors.toSet());
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    private Member ours(String group, GroupProtocol protocol) {
        // In a group that moves, members of the older protocol hear of a rebalance with their heartbeats.
        Map<String, Object> quick = protocol == GroupProtocol.CLASSIC ? Map.of("heartbeat.interval.ms", 100) : Map.of();
        KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers()).groupId(group).groupProtocol(protocol).autoOffsetReset(OffsetResetPolicy.EARLIEST)
                .config(quick).build();
        consumer.subscribe(List.of(group));
        return new Ours(consumer);
    }

    private Member apaches(String group, String protocol) {
        org.apache.kafka.clients.consumer.KafkaConsumer<String, String> consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", group, "group.protocol", protocol, "auto.offset.reset", "earliest"),
                new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(group));
        return new Apaches(consumer);
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
        try (Member first = ours(topic, GroupProtocol.CONSUMER)) {
            try (Member second = ours(topic, GroupProtocol.CONSUMER)) {
                share(topic, first, second);
                assertThat(protocolOf(topic)).isEqualToIgnoringCase("consumer");
            }
            share(topic, first);
        }
    }

    @Test
    @SuppressWarnings("try") // one of them leaves before its time
    void membersOfOursAndApachesShareATopicAndTakeOverFromOneAnother() {
        String topic = "coordinated-both";
        kafka.createTopic(topic, PARTITIONS);
        Member ours = ours(topic, GroupProtocol.CONSUMER);
        Member apaches = apaches(topic, "consumer");
        try {
            share(topic, ours, apaches);
            apaches.close();
            share(topic, ours);
            apaches = apaches(topic, "consumer");
            share(topic, ours, apaches);
            ours.close();
            share(topic, apaches);
        } finally {
            ours.close();
            apaches.close();
        }
    }

    @Test
    void groupMovesFromTheClassicProtocolToTheConsumerProtocolAndBackWhileItReads() throws Exception {
        String topic = "coordinated-move";
        kafka.createTopic(topic, PARTITIONS);
        Member first = ours(topic, GroupProtocol.CLASSIC);
        Member second = ours(topic, GroupProtocol.CLASSIC);
        try {
            share(topic, first, second);
            for (GroupProtocol next : List.of(GroupProtocol.CONSUMER, GroupProtocol.CLASSIC)) {
                first.close();
                first = ours(topic, next);
                share(topic, first, second);
                second.close();
                second = ours(topic, next);
                share(topic, first, second);
                assertThat(protocolOf(topic)).isEqualToIgnoringCase(next.name());
            }
        } finally {
            first.close();
            second.close();
        }
    }
}
