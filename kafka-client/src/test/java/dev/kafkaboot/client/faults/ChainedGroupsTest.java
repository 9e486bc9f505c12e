package dev.kafkaboot.client.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records go through three groups on three real brokers, to which every connection dies each second, while members join, leave, and are cut off until others
 * have taken over: none is lost, and what comes out twice was handed out again behind a rebalance.
 *
 * <p>{@code -Dchain.records=500000} makes it as long as one likes.
 */
@KafkaCluster(brokers = 3)
class ChainedGroupsTest {

    private static final int COUNT = Integer.getInteger("chain.records", 20_000);
    private static final int GROUPS = 3;
    private static final int PARTITIONS = 6;

    /** So often members are cut off, and so often each group is joined and left. */
    private static final int TURNS = 1 + COUNT / 100_000;

    private static final int EACH_TIME = COUNT / TURNS / GROUPS / 2;
    private static final Duration SESSION = Duration.ofSeconds(4);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final RealKafka kafka;
    private final BitSet out = new BitSet();
    private int sent;

    ChainedGroupsTest(RealKafka kafka) {
        this.kafka = kafka;
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    @Timeout(3_600)
    void everyRecordComesOutAndTwiceOnlyWhatWasHandedOutAgain(String protocol) throws Exception {
        List<String> topics = IntStream.rangeClosed(0, GROUPS).mapToObj(each -> "chained-" + protocol + "-" + each).toList();
        topics.forEach(topic -> kafka.createTopic(topic, PARTITIONS, 1, Map.of()));
        long beginning = System.nanoTime();
        List<StageProgress> progress;
        List<Long> written;
        int resets;
        try (GroupChain chain = new GroupChain(kafka.bootstrapServers(), topics, PARTITIONS, config(protocol, topics));
                KafkaProducer<byte[], byte[]> producer = KafkaProducer.builder(Serializers.bytes(), Serializers.bytes())
                        .bootstrapServers(chain.bootstrapServers()).build();
                KafkaConsumer<byte[], byte[]> last = reader(topics.get(GROUPS))) {
            for (int turn = 0; turn < TURNS; turn++) {
                for (int group = 0; group < GROUPS; group++) {
                    chain.join(group);
                    sendSome(producer, topics.get(0));
                    await(chain, last, () -> out.cardinality() >= sent - EACH_TIME / 2);
                    chain.leave(group);
                    sendSome(producer, topics.get(0));
                    await(chain, last, () -> out.cardinality() >= sent - EACH_TIME / 2);
                }
                chain.cutOff();
                await(chain, last, chain::haveTheSteadyTakenOver);
                chain.reconnect();
            }
            await(chain, last, () -> out.cardinality() >= sent);
            assertThat(chain.stop()).isEmpty();
            progress = IntStream.range(0, GROUPS).mapToObj(chain::progress).toList();
            written = topics.stream().map(topic -> last.endOffsets(partitions(topic)).values().stream().mapToLong(Long::longValue).sum()).toList();
            resets = chain.resets();
        }

        System.out.printf("%s: %d records in %.1f s, %d resets, written to each topic %s, handed out again %s, assignments %s%n", protocol, sent,
                (System.nanoTime() - beginning) / 1e9, resets, written, progress.stream().map(StageProgress::countAgain).toList(),
                progress.stream().map(StageProgress::assignments).toList());
        assertThat(written.get(0)).as("what was sent, once").isEqualTo(sent);
        assertThat(progress).flatExtracting(StageProgress::anomalies).isEmpty();
        for (int group = 0; group < GROUPS; group++) {
            StageProgress each = progress.get(group);
            // What was written twice at the very end need not have been read when the members left, as what was sent had come out already.
            assertThat(each.count()).as("what group %s was handed out", group).isBetween(sent + each.countAgain(), written.get(group) + each.countAgain());
            assertThat(written.get(group + 1)).as("what group %s wrote", group).isBetween((long) sent, each.count());
            assertThat(each.assignments()).as("assignments to members of group %s", group).isGreaterThan(4 * TURNS);
        }
        assertThat(resets).isGreaterThan(TURNS);
    }

    /** How groups are run, so that they soon notice who is not heard any more. */
    private Map<String, ?> config(String protocol, List<String> groups) throws Exception {
        if (protocol.equals("classic")) {
            return Map.of("session.timeout.ms", SESSION.toMillis(), "heartbeat.interval.ms", 300);
        }
        List<AlterConfigOp> quick = Map.of("consumer.session.timeout.ms", SESSION.toMillis(), "consumer.heartbeat.interval.ms", 300L).entrySet().stream()
                .map(each -> new AlterConfigOp(new ConfigEntry(each.getKey(), each.getValue().toString()), AlterConfigOp.OpType.SET)).toList();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(groups.stream()
                    .collect(Collectors.toMap(group -> new ConfigResource(ConfigResource.Type.GROUP, group), group -> quick))).all().get();
        }
        return Map.of("group.protocol", "consumer");
    }

    private void sendSome(KafkaProducer<byte[], byte[]> producer, String topic) {
        for (int end = sent + EACH_TIME; sent < end; sent++) {
            byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(sent).array();
            producer.send(topic, number, number);
        }
    }

    /** Reads the last topic on, while connections die, until something is true. */
    private void await(GroupChain chain, KafkaConsumer<byte[], byte[]> last, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("%s of %s records are out", out.cardinality(), sent).isNegative();
            chain.disturb();
            last.poll(Duration.ofMillis(50)).forEach(record -> out.set(ByteBuffer.wrap(record.value()).getInt()));
        }
    }

    private KafkaConsumer<byte[], byte[]> reader(String topic) {
        KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes())
                .bootstrapServers(kafka.bootstrapServers()).build();
        consumer.assign(partitions(topic));
        consumer.seekToBeginning(partitions(topic));
        return consumer;
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, PARTITIONS).mapToObj(each -> new TopicPartition(topic, each)).toList();
    }
}
