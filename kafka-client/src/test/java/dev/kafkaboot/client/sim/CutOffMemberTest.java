package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.GroupRun.pollUntil;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.AuthenticationException;
import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.sim.GroupRun.Events;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Members whose coordinator assigns (KIP-848) and whose heartbeats reach nobody. */
class CutOffMemberTest {

    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final String BOTH = "assigned[orders-0, orders-1]";
    private static final String BOTH_LOST = "lost[orders-0, orders-1]";

    private static void ignoreHeartbeats(GroupRun run) {
        run.cluster(cluster -> cluster.on(ConsumerGroupHeartbeatRequest.class).always().ignore());
    }

    @Test
    void memberGivesUpWhatOthersHaveByNowAndNeitherReadsNorCommitsIt() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                run.pollFor(Duration.ofSeconds(2), consumer);
                ignoreHeartbeats(run);
                run.pollFor(Duration.ofSeconds(40), consumer);
                assertThat(events.take()).as("a session has not passed").containsExactly(BOTH);

                run.pollFor(Duration.ofSeconds(6), consumer);

                assertThat(events.take()).containsExactly(BOTH_LOST);
                run.cluster(cluster -> cluster.log("orders", 0).append("k", "of another member"));
                assertThat(run.pollFor(Duration.ofSeconds(5), consumer)).isEmpty();
                assertThatThrownBy(() -> consumer.commit(Map.of(FIRST, new OffsetAndMetadata(1)))).isInstanceOf(CommitFailedException.class);
            }
        });
    }

    @Test
    void memberThatIsHeardAgainInTimeKeepsWhatItHasAndOneThatIsHeardLaterJoinsAgain() {
        GroupRun.of(cluster -> cluster.consumerGroupTimes(GroupRun.INTERVAL, Duration.ofSeconds(45)), run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                ignoreHeartbeats(run);
                run.pollFor(Duration.ofSeconds(30), consumer);
                run.cluster(cluster -> cluster.clearRules());
                run.pollFor(Duration.ofSeconds(30), consumer);
                assertThat(events.take()).containsExactly(BOTH);

                ignoreHeartbeats(run);
                run.pollFor(Duration.ofSeconds(60), consumer);
                run.cluster(cluster -> cluster.clearRules());
                pollUntil(() -> events.heard.contains(BOTH), consumer);

                assertThat(events.take()).containsExactly(BOTH_LOST, BOTH);
            }
        });
    }

    @Test
    void memberWhosePasswordIsWrongForAWhileTellsItAndKeepsWhatItHas() {
        Map<String, Object> credentials = Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.allow.plaintext", true, "sasl.mechanism", "SCRAM-SHA-256",
                "sasl.username", "billing", "sasl.password", "s3cret");
        GroupRun.of(cluster -> cluster.user("billing", "s3cret").consumerGroupTimes(GroupRun.INTERVAL, Duration.ofSeconds(45)), credentials, run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.member(events)) {
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                run.cluster(cluster -> cluster.sasl().user("billing", "another"));
                run.network().cut(run.process());
                for (int i = 0; i < 20; i++) {
                    assertThat(GroupRun.failureOf(() -> run.pollFor(Duration.ofSeconds(5), consumer))).isInstanceOf(AuthenticationException.class);
                }
                run.cluster(cluster -> cluster.sasl().user("billing", "s3cret"));
                run.cluster(cluster -> cluster.log("orders", 0).append("k", "late"));

                pollUntilLetIn(run, consumer);

                run.pollFor(Duration.ofSeconds(5), consumer);
                assertThat(events.take()).containsExactly(BOTH);
            }
        });
    }

    /** Until the last refusal was told. */
    private static void pollUntilLetIn(GroupRun run, KafkaConsumer<String, String> consumer) {
        while (true) {
            try {
                run.pollFor(Duration.ofSeconds(2), consumer);
                return;
            } catch (AuthenticationException refused) {
                assertThat(refused).hasMessageContaining("billing");
            }
        }
    }

    @Test
    void memberThatIsCutOffCanLeave() {
        GroupRun.of(run -> {
            Events events = new Events();
            try (KafkaConsumer<String, String> consumer = run.builder().build()) {
                consumer.subscribe(List.of("orders"), events);
                pollUntil(() -> events.heard.contains(BOTH), consumer);
                ignoreHeartbeats(run);

                consumer.unsubscribe();

                assertThat(consumer.assignment()).isEmpty();
                assertThat(events.take()).containsExactly(BOTH, "revoked[orders-0, orders-1]");
            }
        });
    }
}
