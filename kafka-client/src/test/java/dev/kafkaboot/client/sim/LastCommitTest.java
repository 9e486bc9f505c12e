package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.TOPIC;
import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.OffsetCommitRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Partitions that are given up while an automatic commit of them is under way. */
class LastCommitTest {

    private static final String ASSIGNED = "assigned[orders-0, orders-1]";

    /** A member that has finished a record and commits that from time to time. */
    private static KafkaConsumer<String, String> finished(GroupRun run, Events events, int requestTimeoutMillis) {
        run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
        KafkaConsumer<String, String> consumer = run.builder().autoCommit(true).config("auto.commit.interval.ms", 1_000).config("request.timeout.ms", requestTimeoutMillis).build();
        consumer.subscribe(List.of(TOPIC), events);
        while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {
            assertThat(run.simulation().nowNanos()).isLessThan(Duration.ofMinutes(10).toNanos());
        }
        return consumer;
    }

    private static boolean isOfWhatIsFinished(OffsetCommitRequest request, AtomicInteger count) {
        boolean isIt = request.topics().stream().flatMap(topic -> topic.partitions().stream()).anyMatch(partition -> partition.committedOffset() == 1);
        count.addAndGet(isIt ? 1 : 0);
        return isIt;
    }

    @Test
    void whatIsFinishedIsCommittedThoughTheCommitThatWasUnderWayFailed() {
        GroupRun.of(run -> {
            AtomicInteger refused = new AtomicInteger();
            AtomicLong until = new AtomicLong(Long.MAX_VALUE);
            run.cluster(cluster -> cluster.on(OffsetCommitRequest.class).always()
                    .when(request -> run.simulation().nowNanos() < until.get() && isOfWhatIsFinished(request, refused))
                    .fail(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = finished(run, events, 3_000)) {
                pollUntil(() -> refused.get() > 0, consumer);
                until.set(run.simulation().nowNanos() + Duration.ofSeconds(5).toNanos()); // which is longer than the commit that is under way may take
                run.simulation().sleep(Duration.ofSeconds(2));

                consumer.unsubscribe();

                assertThat(run.committed(0)).isOne();
                assertThat(events.take()).containsExactly(ASSIGNED, "revoked[orders-0, orders-1]");
            }
        });
    }

    @Test
    void closingTellsWhatIsGivenUpThoughACommitIsUnderWayThatComesToNothing() {
        GroupRun.of(run -> {
            AtomicInteger ignored = new AtomicInteger();
            run.cluster(cluster -> cluster.on(OffsetCommitRequest.class).always().when(request -> isOfWhatIsFinished(request, ignored)).ignore());
            Events events = new Events();
            KafkaConsumer<String, String> consumer = finished(run, events, 30_000);
            pollUntil(() -> ignored.get() > 0, consumer);
            run.simulation().sleep(Duration.ofSeconds(2));

            consumer.close(Duration.ofSeconds(5));

            assertThat(events.take()).containsExactly(ASSIGNED, "revoked[orders-0, orders-1]");
        });
    }
}
