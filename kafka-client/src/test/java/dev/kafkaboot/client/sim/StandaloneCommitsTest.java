package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import dev.kafkaboot.protocol.message.OffsetCommitResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Offsets of a group without members, whose partitions are assigned by hand: brokers forget them a while after they were committed (KIP-211). */
class StandaloneCommitsTest {

    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    private static KafkaConsumer<String, String> consumer(GroupRun run) {
        KafkaConsumer<String, String> consumer = run.builder().groupProtocol(GroupProtocol.CLASSIC).autoCommit(true).build();
        consumer.assign(List.of(PARTITION));
        return consumer;
    }

    @Test
    void committedOffsetIsRenewedThoughNothingIsReadAnyMore() {
        GroupRun.of(run -> {
            AtomicInteger commits = new AtomicInteger();
            run.cluster(cluster -> {
                cluster.log(TOPIC, 0).append(null, "a");
                cluster.on(OffsetCommitRequest.class).always().when(request -> commits.incrementAndGet() < 0).before(request -> { });
            });
            try (KafkaConsumer<String, String> consumer = consumer(run)) {
                assertThat(run.pollFor(Duration.ofMinutes(1), consumer)).containsExactly("a");
                assertThat(run.committed(0)).isOne();
                int before = commits.get();

                for (int minutes = 0; minutes < 150; minutes++) {
                    run.simulation().sleep(Duration.ofMinutes(1));
                    consumer.poll(Duration.ZERO);
                }

                assertThat(commits.get() - before).isBetween(2, 3);
            }
        });
    }

    @Test
    void commitWhoseAnswerLeavesThePartitionOutIsMadeAgain() {
        GroupRun.of(run -> {
            run.cluster(cluster -> {
                cluster.log(TOPIC, 0).append(null, "a");
                cluster.on(OffsetCommitRequest.class).reply(request -> new OffsetCommitResponse());
            });
            try (KafkaConsumer<String, String> consumer = consumer(run)) {
                assertThat(run.pollFor(Duration.ofSeconds(2), consumer)).containsExactly("a");

                consumer.commit();

                assertThat(run.committed(0)).isOne();
            }
        });
    }
}
