package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.CorruptBatchException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.OversizedBatchException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.UnreadableBatchException;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.record.TimestampType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is said of batches of a share group that cannot be read. */
class HeldBatchesTests {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final Duration NOT_YET = Duration.ofHours(1);

    private final List<String> said = new ArrayList<>();
    private final Set<Long> lost = new HashSet<>();
    private final HeldBatches held = new HeldBatches("test", (partition, offset, type) -> {
        if (lost.contains(offset)) {
            throw new IllegalStateException("not in this consumer's hands");
        }
        said.add(partition + "@" + offset + " " + type);
    });

    private static UnreadableBatchException oversized(Map<Long, Integer> deliveries) {
        return new OversizedBatchException("too large", ORDERS, 5, 7, null).with(new TreeMap<>(deliveries));
    }

    private static UnreadableBatchException damaged(Map<Long, Integer> deliveries) {
        return new CorruptBatchException("damaged", ORDERS, 5, -1, null).with(new TreeMap<>(deliveries));
    }

    @Test
    void locksOfABatchThatNobodyLikeThisCanReadAreKeptFromTheFirst() {
        assertThat(held.hold(oversized(Map.of(5L, 1, 6L, 1)))).isTrue();

        held.renew(NOT_YET);
        assertThat(said).containsExactly("orders-0@5 RENEW", "orders-0@6 RENEW");
        assertThat(held.failure()).hasMessage("too large");
        held.renew(Duration.ZERO);
        assertThat(said).hasSize(4);
    }

    @Test
    void damagedBatchIsReleasedTheFirstTimeAndKeptFromTheSecond() {
        assertThat(held.hold(damaged(Map.of(5L, 1, 6L, 1)))).isFalse();
        assertThat(said).isEmpty();
        assertThat(held.failure()).isNull();

        assertThat(held.hold(damaged(Map.of(5L, 2, 6L, 1)))).isTrue();

        assertThat(said).containsExactly("orders-0@5 RENEW");
    }

    @Test
    void whatHasBecomeReadableIsTheListenersAndIsNotRenewedHere() {
        held.hold(oversized(Map.of(5L, 1, 6L, 1)));
        said.clear();

        held.forget(records(6));
        held.renew(Duration.ZERO);
        held.notTaken(ORDERS, Set.of(6L));

        assertThat(said).containsExactly("orders-0@5 RENEW");
        held.forget(records(5));
        assertThat(held.failure()).isNull();
    }

    private static ConsumerRecords<byte[], byte[]> records(long offset) {
        return new ConsumerRecords<>(Map.of(ORDERS, List.of(new ConsumerRecord<>("orders", 0, offset, 0, TimestampType.CREATE_TIME, null, new byte[1], Headers.none(),
                Optional.empty(), -1, 1))));
    }

    @Test
    void whatIsLostIsNotHeldAnyMore() {
        held.hold(oversized(Map.of(5L, 1, 6L, 1)));
        lost.add(5L);

        held.notTaken(ORDERS, Set.of(5L));
        lost.clear();
        said.clear();
        held.renew(Duration.ZERO);

        assertThat(said).containsExactly("orders-0@6 RENEW");
        lost.add(6L);
        held.renew(Duration.ZERO);
        assertThat(held.failure()).isNull();
    }
}
