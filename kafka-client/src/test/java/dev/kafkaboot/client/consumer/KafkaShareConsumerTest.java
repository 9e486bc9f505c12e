package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.AcknowledgeType.ACCEPT;
import static dev.kafkaboot.client.consumer.AcknowledgeType.REJECT;
import static dev.kafkaboot.client.consumer.AcknowledgeType.RELEASE;
import static dev.kafkaboot.client.consumer.AcknowledgeType.RENEW;
import static dev.kafkaboot.client.consumer.ShareGroups.commit;
import static dev.kafkaboot.client.consumer.ShareGroups.poll;
import static dev.kafkaboot.client.consumer.ShareGroups.read;
import static dev.kafkaboot.client.consumer.ShareGroups.subscribed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Share consumers on a real broker. */
@KafkaCluster
@Timeout(120)
class KafkaShareConsumerTest {

    private final ShareGroups groups;

    KafkaShareConsumerTest(RealKafka kafka) {
        groups = new ShareGroups(kafka);
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @Test
    void whatWasHandedOutIsAcceptedByTheNextPollAndByACommit() {
        groups.create("share-implicit", 2);
        groups.write("share-implicit", 2, numbers(20));

        try (KafkaShareConsumer<String, String> consumer = groups.implicit("share-implicit")) {
            assertThat(consumer.acquisitionLockTimeoutMs()).isEmpty();
            assertThat(read(consumer, 20)).containsExactlyInAnyOrderElementsOf(numbers(20));
            assertThat(consumer.acquisitionLockTimeoutMs()).contains(30_000);
            commit(consumer);
        }

        groups.write("share-implicit", 2, List.of("next"));
        try (KafkaShareConsumer<String, String> later = groups.implicit("share-implicit")) {
            assertThat(ShareGroups.values(poll(later))).as("what was accepted does not come again").containsExactly("next");
        }
    }

    @Test
    void recordIsReleasedRejectedOrAcceptedAsTheApplicationSays() {
        groups.create("share-explicit", 1);
        groups.write("share-explicit", 1, List.of("accepted", "released", "rejected"));

        try (KafkaShareConsumer<String, String> consumer = groups.explicit("share-explicit")) {
            List<ConsumerRecord<String, String>> first = poll(consumer);
            assertThat(ShareGroups.values(first)).containsExactly("accepted", "released", "rejected");
            assertThat(first).allSatisfy(record -> assertThat(record.deliveryCount()).contains((short) 1));
            consumer.acknowledge(first.get(0));
            consumer.acknowledge(first.get(1), REJECT);
            consumer.acknowledge(first.get(1), RELEASE); // what is said last counts
            consumer.acknowledge("share-explicit", 0, first.get(2).offset(), REJECT);
            List<ConsumerRecord<String, String>> second = poll(consumer);

            assertThat(ShareGroups.values(second)).containsExactly("released");
            assertThat(second.get(0).deliveryCount()).contains((short) 2);

            consumer.acknowledge(second.get(0));
            commit(consumer);
            assertThatThrownBy(() -> consumer.acknowledge(second.get(0)))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("share-explicit-0 at offset 1");
            groups.write("share-explicit", 1, List.of("next"));
            assertThat(ShareGroups.values(poll(consumer))).containsExactly("next");
        }
    }

    @Test
    void pollRefusesWhileARecordOfTheLastOneIsNotAcknowledged() {
        groups.create("share-refused", 1);
        groups.write("share-refused", 1, numbers(2));

        try (KafkaShareConsumer<String, String> consumer = groups.explicit("share-refused")) {
            List<ConsumerRecord<String, String>> records = poll(consumer);
            consumer.acknowledge(records.get(0));

            assertThatThrownBy(() -> consumer.poll(Duration.ZERO))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("1 records of share-refused-0").hasMessageContaining("offset 1");

            consumer.acknowledge(records.get(1));
            assertThat(consumer.poll(Duration.ZERO).isEmpty()).isTrue();
            commit(consumer);
        }
    }

    @Test
    void renewedRecordStaysWithTheApplicationAndIsAcknowledgedLater() {
        groups.create("share-renewed", 1);
        groups.write("share-renewed", 1, numbers(2));

        try (KafkaShareConsumer<String, String> consumer = groups.explicit("share-renewed")) {
            List<ConsumerRecord<String, String>> records = poll(consumer);
            consumer.acknowledge(records.get(0), RENEW);
            consumer.acknowledge(records.get(1), ACCEPT);
            commit(consumer);
            groups.write("share-renewed", 1, List.of("next"));
            List<ConsumerRecord<String, String>> next = poll(consumer);

            assertThat(ShareGroups.values(next)).as("a renewed record is not handed out again").containsExactly("next");

            consumer.acknowledge(records.get(0));
            consumer.acknowledge(next.get(0));
            commit(consumer);
        }
    }

    @Test
    void closingReleasesWhatIsNotAcknowledgedAndSendsWhatIs() {
        groups.create("share-closed", 1);
        groups.write("share-closed", 1, List.of("accepted", "left", "also left"));

        try (KafkaShareConsumer<String, String> consumer = groups.explicit("share-closed")) {
            consumer.acknowledge(poll(consumer).get(0));
        }

        try (KafkaShareConsumer<String, String> next = groups.implicit("share-closed")) {
            List<ConsumerRecord<String, String>> records = poll(next);
            assertThat(ShareGroups.values(records)).containsExactly("left", "also left");
            assertThat(records).allSatisfy(record -> assertThat(record.deliveryCount()).contains((short) 2));
        }
    }

    @Test
    void unsubscribingReleasesAndSubscribingAgainReads() {
        groups.create("share-unsubscribed", 1);
        groups.write("share-unsubscribed", 1, numbers(3));

        try (KafkaShareConsumer<String, String> consumer = groups.implicit("share-unsubscribed")) {
            assertThat(ShareGroups.values(poll(consumer))).hasSize(3);
            consumer.unsubscribe();
            assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(IllegalStateException.class).hasMessageContaining("subscribe");
            consumer.subscribe(List.of("share-unsubscribed"));

            assertThat(poll(consumer)).hasSize(3).allSatisfy(record -> assertThat(record.deliveryCount()).contains((short) 2));
        }
    }

    @Test
    void marksOfTransactionsAreAcknowledgedAsGaps() {
        groups.create("share-transactional", 1);
        groups.write("share-transactional", 1, numbers(3), Map.of("transactional.id", "share-transactional"));
        groups.write("share-transactional", 1, List.of("behind the mark"));

        try (KafkaShareConsumer<String, String> consumer = groups.implicit("share-transactional")) {
            assertThat(read(consumer, 4)).containsExactly("0", "1", "2", "behind the mark");
            commit(consumer);
        }
        groups.write("share-transactional", 1, List.of("next"));
        try (KafkaShareConsumer<String, String> later = groups.implicit("share-transactional")) {
            assertThat(ShareGroups.values(poll(later))).containsExactly("next");
        }
    }

    @Test
    void strictLimitIsKept() {
        groups.create("share-strict", 1);
        groups.write("share-strict", 1, numbers(10));

        try (KafkaShareConsumer<String, String> consumer = subscribed(
                groups.member("share-strict", ShareAcknowledgementMode.IMPLICIT).acquireMode(ShareAcquireMode.RECORD_LIMIT).maxPollRecords(4), "share-strict")) {
            List<Integer> sizes = new ArrayList<>();
            List<String> all = new ArrayList<>();
            while (all.size() < 10) {
                List<ConsumerRecord<String, String>> records = poll(consumer);
                sizes.add(records.size());
                all.addAll(ShareGroups.values(records));
            }

            assertThat(sizes).allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(4));
            assertThat(all).containsExactlyElementsOf(numbers(10));
            commit(consumer);
        }
    }

    @Test
    void recordThatCannotBeDeserialisedIsToldAndReleasedUnlessItIsRejected() {
        groups.create("share-unreadable", 1);
        groups.write("share-unreadable", 1, List.of("1", "not a number", "3"));

        try (KafkaShareConsumer<String, Integer> consumer = KafkaShareConsumer.builder(
                        Serializers.string(), Serializers.of((Integer number) -> number.toString().getBytes(UTF_8), data -> Integer.valueOf(new String(data, UTF_8))))
                .config("bootstrap.servers", groups.bootstrapServers()).groupId("share-unreadable")
                .acknowledgementMode(ShareAcknowledgementMode.EXPLICIT).build()) {
            consumer.subscribe(List.of("share-unreadable"));
            ConsumerRecords<String, Integer> first = consumer.poll(Duration.ofSeconds(20));
            assertThat(first).extracting(ConsumerRecord::value).containsExactly(1, 3);
            first.forEach(consumer::acknowledge);

            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                    .isInstanceOfSatisfying(RecordDeserializationException.class, failure -> assertThat(failure.offset()).isEqualTo(1));
            consumer.acknowledge("share-unreadable", 0, 1, REJECT);
            assertThat(consumer.commit().values()).containsOnly(Optional.empty());
        }
    }

    @Test
    void callbackHearsWhatBecomesOfAcknowledgements() {
        record Told(Map<TopicIdPartition, Set<Long>> offsets, @Nullable KafkaException failure) {}
        groups.create("share-callback", 1);
        groups.write("share-callback", 1, numbers(2));
        ConcurrentLinkedQueue<Told> told = new ConcurrentLinkedQueue<>();

        try (KafkaShareConsumer<String, String> consumer = groups.implicit("share-callback")) {
            consumer.acknowledgementCommitCallback((offsets, failure) -> {
                told.add(new Told(offsets, failure));
                throw new IllegalStateException("the user's defect");
            });
            assertThat(poll(consumer)).hasSize(2);
            ShareGroups.pollUntil(consumer, () -> !told.isEmpty());
        }

        assertThat(told).singleElement().satisfies(each -> {
            assertThat(each.failure()).isNull();
            assertThat(each.offsets()).hasSize(1).allSatisfy((partition, offsets) -> {
                assertThat(partition).hasToString("share-callback-0");
                assertThat(offsets).containsExactly(0L, 1L);
            });
        });
    }

    @Test
    void threadsThatPollTheSameConsumerGetDisjointRecords() throws InterruptedException, ExecutionException {
        groups.create("share-threads", 4);
        groups.write("share-threads", 4, numbers(400));
        ConcurrentLinkedQueue<String> all = new ConcurrentLinkedQueue<>();

        try (KafkaShareConsumer<String, String> consumer = subscribed(
                groups.member("share-threads", ShareAcknowledgementMode.IMPLICIT).maxPollRecords(10), "share-threads")) {
            java.util.concurrent.ExecutorService pool = java.util.concurrent.Executors.newFixedThreadPool(3);
            try {
                List<java.util.concurrent.Future<?>> readers = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    readers.add(pool.submit(() -> {
                        while (all.size() < 400) {
                            consumer.poll(Duration.ofMillis(100)).forEach(record -> all.add(record.value()));
                        }
                        consumer.commit();
                    }));
                }
                for (java.util.concurrent.Future<?> reader : readers) {
                    reader.get();
                }
            } finally {
                pool.shutdownNow();
            }
        }

        assertThat(all).containsExactlyInAnyOrderElementsOf(numbers(400));
    }
}
