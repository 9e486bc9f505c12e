package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.consumer.GroupProtocol;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import dev.kafkaboot.protocol.message.MetadataRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A cooperative member of a classic group that is closed while its group rebalances, as in every rolling restart: it has its partitions until it leaves. */
class ClosingInRebalanceTest {

    private static final String ASSIGNED = "assigned[orders-0, orders-1]";

    /** A member that was given a record, and does not poll again. */
    private static KafkaConsumer<String, String> atWork(GroupRun run, Events events) {
        run.cluster(cluster -> cluster.log(TOPIC, 0).append(null, "a"));
        KafkaConsumer<String, String> consumer = run.builder().groupProtocol(GroupProtocol.CLASSIC).autoCommit(true)
                .config("partition.assignment.strategy", "cooperative-sticky").config("auto.commit.interval.ms", 3_600_000).build();
        consumer.subscribe(List.of(TOPIC), events);
        while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {
            assertThat(run.simulation().nowNanos()).isLessThan(Duration.ofMinutes(10).toNanos());
        }
        return consumer;
    }

    private static AtomicBoolean closing(GroupRun run, KafkaConsumer<String, String> consumer) {
        AtomicBoolean closed = new AtomicBoolean();
        run.simulation().thread("closing", () -> {
            consumer.close(Duration.ofSeconds(30));
            closed.set(true);
        });
        return closed;
    }

    private static void finishWork(KafkaConsumer<String, String> consumer) {
        assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(ClientClosedException.class);
    }

    private static void assertFinishedWorkIsCommitted(GroupRun run, Events events, AtomicBoolean closed) {
        run.simulation().sleep(Duration.ofSeconds(5));
        assertThat(events.take()).containsExactly(ASSIGNED, "revoked[orders-0, orders-1]");
        assertThat(run.committed(0)).isOne();
        assertThat(closed).isTrue();
        assertThat(run.members()).isZero();
    }

    @Test
    void whatIsFinishedAfterTheAnswerToTheJoinIsCommittedInItsGeneration() {
        GroupRun.of(run -> {
            Events events = new Events();
            KafkaConsumer<String, String> consumer = atWork(run, events);
            run.cluster(cluster -> cluster.on(JoinGroupRequest.class).delayReply(Duration.ofSeconds(1)));
            consumer.enforceRebalance();
            run.simulation().sleep(Duration.ofMillis(300));

            AtomicBoolean closed = closing(run, consumer);
            run.simulation().sleep(Duration.ofSeconds(8));
            finishWork(consumer);

            assertFinishedWorkIsCommitted(run, events, closed);
        });
    }

    @Test
    void whatIsFinishedBeforeTheAnswerToTheJoinWaitsForIt() {
        GroupRun.of(run -> {
            Events events = new Events();
            KafkaConsumer<String, String> consumer = atWork(run, events);
            run.cluster(cluster -> cluster.on(JoinGroupRequest.class).delayReply(Duration.ofSeconds(1)));
            consumer.enforceRebalance();
            run.simulation().sleep(Duration.ofMillis(300));

            AtomicBoolean closed = closing(run, consumer);
            run.simulation().sleep(Duration.ofMillis(100));
            finishWork(consumer);

            assertFinishedWorkIsCommitted(run, events, closed);
        });
    }

    @Test
    void memberThatIsClosedWhileItsCoordinatorMovesLeavesAllTheSame() {
        GroupRun.of(run -> {
            Events events = new Events();
            KafkaConsumer<String, String> consumer = atWork(run, events);
            run.cluster(cluster -> {
                cluster.on(LeaveGroupRequest.class).fail(ErrorCode.NOT_COORDINATOR);
                cluster.on(LeaveGroupRequest.class).fail(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
            });

            consumer.close();

            assertThat(run.members()).isZero();
        });
    }

    @Test
    void leaderThatIsClosedWhileItDistributesLetsTheGroupHaveThat() {
        GroupRun.of(run -> {
            Events events = new Events();
            KafkaConsumer<String, String> consumer = atWork(run, events);
            AtomicBoolean slow = new AtomicBoolean();
            run.cluster(cluster -> {
                cluster.on(JoinGroupRequest.class).before(request -> slow.set(true));
                cluster.on(MetadataRequest.class).always().when(request -> slow.get()).delayReply(Duration.ofSeconds(1));
            });
            consumer.enforceRebalance();
            run.simulation().sleep(Duration.ofMillis(300));
            assertThat(slow).isTrue();

            AtomicBoolean closed = closing(run, consumer);
            run.simulation().sleep(Duration.ofMillis(100));
            finishWork(consumer);

            assertFinishedWorkIsCommitted(run, events, closed);
        });
    }
}
