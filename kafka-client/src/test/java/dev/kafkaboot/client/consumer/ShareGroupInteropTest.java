package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A share group of ours and Apache's consumers on a real broker. */
@KafkaCluster
@Timeout(180)
class ShareGroupInteropTest {

    private static final String TOPIC = "share-interop";
    private static final int PARTITIONS = 3;
    private static final int ROUND = 60;

    private final ShareGroups groups;

    ShareGroupInteropTest(RealKafka kafka) {
        groups = new ShareGroups(kafka);
    }

    private org.apache.kafka.clients.consumer.KafkaShareConsumer<String, String> apaches() {
        org.apache.kafka.clients.consumer.KafkaShareConsumer<String, String> consumer = new org.apache.kafka.clients.consumer.KafkaShareConsumer<>(
                Map.of("bootstrap.servers", groups.bootstrapServers(), "group.id", TOPIC, "max.poll.records", 10),
                new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    @Test
    void everyRecordIsAcceptedOnceWhoeverGetsIt() {
        groups.create(TOPIC, PARTITIONS);
        List<String> byOurs = new ArrayList<>();
        List<String> byApaches = new ArrayList<>();
        List<String> written = new ArrayList<>();

        try (KafkaShareConsumer<String, String> ours = ShareGroups.subscribed(
                        groups.member(TOPIC, ShareAcknowledgementMode.EXPLICIT).maxPollRecords(10), TOPIC);
                org.apache.kafka.clients.consumer.KafkaShareConsumer<String, String> apaches = apaches()) {
            long deadline = System.nanoTime() + Duration.ofSeconds(150).toNanos();
            while (byOurs.isEmpty() || byApaches.isEmpty() || byOurs.size() + byApaches.size() < written.size()) {
                assertThat(System.nanoTime()).as("polled long enough; ours " + byOurs.size() + ", Apache's " + byApaches.size() + " of " + written.size())
                        .isLessThan(deadline);
                if (byOurs.size() + byApaches.size() == written.size()) {
                    List<String> more = IntStream.range(written.size(), written.size() + ROUND).mapToObj(Integer::toString).toList();
                    groups.write(TOPIC, PARTITIONS, more);
                    written.addAll(more);
                }
                ours.poll(Duration.ofMillis(100)).forEach(record -> {
                    assertThat(record.deliveryCount()).contains((short) 1);
                    byOurs.add(record.value());
                    ours.acknowledge(record);
                });
                apaches.poll(Duration.ofMillis(100)).forEach(record -> {
                    assertThat(record.deliveryCount()).contains((short) 1);
                    byApaches.add(record.value());
                });
            }
            assertThat(ours.commit()).allSatisfy((partition, failure) -> assertThat(failure).isEmpty());
            assertThat(apaches.commitSync()).allSatisfy((partition, failure) -> assertThat(failure).isEmpty());
        }
        groups.write(TOPIC, PARTITIONS, List.of("last"));

        List<String> all = new ArrayList<>(byOurs);
        all.addAll(byApaches);
        assertThat(all).containsExactlyInAnyOrderElementsOf(written);
        try (KafkaShareConsumer<String, String> later = groups.implicit(TOPIC)) {
            assertThat(ShareGroups.values(ShareGroups.poll(later))).as("nothing comes again").containsExactly("last");
        }
    }
}
