package dev.kafkaboot.client.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import dev.kafkaboot.test.proxy.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Records go from topic to topic through members of both clients, in one group and one behind the other, while one leaves, one crashes in the middle of a
 * transaction and one comes: each comes out at each topic, once.
 */
@KafkaCluster
@Timeout(180)
class MixedChainTest {

    private static final Stage FIRST = new Stage("chain-ordered", "chain-paid", "cooperative-sticky", CooperativeStickyAssignor.class);
    private static final Stage SECOND = new Stage("chain-paid", "chain-sent", "range", RangeAssignor.class);
    private static final int PARTITIONS = 6;
    private static final int EACH_TIME = 100;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final RealKafka kafka;
    private final String servers;
    private final Workers workers = new Workers();
    private final List<String> sent = new ArrayList<>();
    private final List<String> atTheEnd = new ArrayList<>();

    MixedChainTest(RealKafka kafka) {
        this.kafka = kafka;
        this.servers = kafka.bootstrapServers();
    }

    @Test
    void recordsThatGoThroughBothClientsComeOutOnce() throws Exception {
        Stream.of(FIRST.from(), SECOND.from(), SECOND.to()).forEach(topic -> kafka.createTopic(topic, PARTITIONS));
        try (FaultProxy proxy = FaultProxy.start(servers, 1);
                KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string()).bootstrapServers(servers).build();
                KafkaConsumer<String, String> last = reader()) {
            ChainMember crashing = started("ours-1", new ChainMember(() -> new OurCopying(proxy.bootstrapServers(), "ours-1", FIRST), () -> {
                proxy.refuseConnections(true);
                proxy.resetConnections();
            }));
            ChainMember leaving = theirs("theirs-2", SECOND);
            List<ChainMember> first = List.of(crashing, ours("ours-2", FIRST), theirs("theirs-1", FIRST));
            List<ChainMember> second = List.of(leaving, theirs("theirs-3", SECOND));
            awaitShares(first);
            awaitShares(second);
            send(producer);
            awaitAtTheEnd(last, EACH_TIME);

            crashing.crash();
            send(producer);
            await(crashing::hasEnded, "the member does not crash");
            leaving.end();
            ChainMember coming = ours("ours-3", SECOND);
            awaitAtTheEnd(last, 2 * EACH_TIME);
            awaitShares(List.of(second.get(1), coming));
            send(producer);
            awaitAtTheEnd(last, 3 * EACH_TIME);

            Stream.of(first.get(1), first.get(2), second.get(1), coming).forEach(ChainMember::end);
            assertThat(workers.stop()).isEmpty();
        }

        List<String> written = read(FIRST.to(), "read_uncommitted");
        List<String> paid = read(FIRST.to(), "read_committed");
        List<String> passed = read(SECOND.to(), "read_committed");
        assertThat(orders(paid)).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(orders(passed)).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(orders(atTheEnd)).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(written).as("what was written, with what the crashed member did").hasSizeGreaterThan(paid.size());
        assertThat(paid).extracting(MixedChainTest::writer).contains("ours-2", "theirs-1");
        assertThat(passed).extracting(MixedChainTest::writer).contains("theirs-3", "ours-3");
    }

    private ChainMember ours(String name, Stage stage) {
        return started(name, new ChainMember(() -> new OurCopying(servers, name, stage)));
    }

    private ChainMember theirs(String name, Stage stage) {
        return started(name, new ChainMember(() -> new ApachesCopying(servers, name, stage)));
    }

    private ChainMember started(String name, ChainMember member) {
        workers.run(name, member);
        return member;
    }

    /** Until each of them has as many partitions as any other. */
    private static void awaitShares(List<ChainMember> members) {
        await(() -> members.stream().allMatch(member -> member.partitions() == PARTITIONS / members.size()), "not every member has its share");
    }

    /** Sends some more, and waits until the broker has them. */
    private void send(KafkaProducer<String, String> producer) {
        for (String order : IntStream.range(sent.size(), sent.size() + EACH_TIME).mapToObj(i -> "order-" + i).toList()) {
            sent.add(order);
            producer.send(FIRST.from(), order, order);
        }
        producer.flush();
    }

    /** Reads the last topic with this client, until so many have come out there. */
    private void awaitAtTheEnd(KafkaConsumer<String, String> last, int count) {
        await(() -> {
            last.poll(Duration.ofMillis(200)).forEach(record -> atTheEnd.add(record.value()));
            return atTheEnd.size() >= count;
        }, "not all came out at the end");
    }

    private static void await(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as(what).isNegative();
            LockSupport.parkNanos(10_000_000);
        }
    }

    private KafkaConsumer<String, String> reader() {
        KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string()).bootstrapServers(servers)
                .config("isolation.level", "read_committed").build();
        List<TopicPartition> all = IntStream.range(0, PARTITIONS).mapToObj(each -> new TopicPartition(SECOND.to(), each)).toList();
        consumer.assign(all);
        all.forEach(each -> consumer.seek(each, 0));
        return consumer;
    }

    /** All that Apache's client reads of a topic. No transaction is open any more. */
    private List<String> read(String topic, String isolationLevel) {
        try (org.apache.kafka.clients.consumer.KafkaConsumer<String, String> consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "isolation.level", isolationLevel), new StringDeserializer(), new StringDeserializer())) {
            List<org.apache.kafka.common.TopicPartition> all =
                    IntStream.range(0, PARTITIONS).mapToObj(each -> new org.apache.kafka.common.TopicPartition(topic, each)).toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<org.apache.kafka.common.TopicPartition, Long> ends = consumer.endOffsets(all);
            List<String> values = new ArrayList<>();
            while (!all.stream().allMatch(each -> consumer.position(each) >= ends.get(each))) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }

    private static List<String> orders(List<String> values) {
        return values.stream().map(value -> value.substring(0, value.indexOf(' '))).toList();
    }

    /** Who has written it last. */
    private static String writer(String value) {
        return value.substring(value.lastIndexOf(' ') + 1);
    }
}
