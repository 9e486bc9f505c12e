package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinWatchTests implements ConsumerRebalanceListener {

    private static final List<TopicPartition> SOME = List.of(new TopicPartition("orders", 0));

    private final JoinWatch watch = new JoinWatch("test", Duration.ofMinutes(5), JoinWatch.PATIENCE, /* hearsOfEachRebalance= */ false, this);
    private final List<String> heard = new ArrayList<>();
    private Runnable whileRevoked = () -> {};

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    @Test
    void listenerThatDoesNotGetIntoItsGroupIsToldFirstAndFailsLater() {
        watch.subscribes();

        assertThat(watch.problem(in(Duration.ofSeconds(30)))).isNull();
        assertThat(watch.problem(in(Duration.ofSeconds(61)))).hasMessageContaining("group");
        assertThat(watch.isOutsideTooLong(in(Duration.ofMinutes(4)))).isFalse();
        assertThat(watch.isOutsideTooLong(in(Duration.ofMinutes(6)))).isTrue();
    }

    @Test
    void memberWithoutPartitionsIsInItsGroup() {
        watch.subscribes();

        watch.onPartitionsAssigned(List.of());

        assertThat(watch.problem(in(Duration.ofDays(1)))).isNull();
        assertThat(watch.isOutsideTooLong(in(Duration.ofDays(1)))).isFalse();
        assertThat(heard).containsExactly("assigned []");
    }

    @Test
    void memberThatLostItsPartitionsIsOutsideAndOneThatGaveThemUpIsNot() {
        watch.subscribes();
        watch.onPartitionsAssigned(SOME);

        watch.onPartitionsRevoked(SOME);
        assertThat(watch.problem(in(Duration.ofDays(1)))).isNull();

        watch.onPartitionsLost(SOME);
        assertThat(watch.problem(in(Duration.ofDays(1)))).isNotNull();
        assertThat(heard).containsExactly("assigned [orders-0]", "revoked [orders-0]", "lost [orders-0]");
    }

    @Test
    void classicMemberThatGaveItsPartitionsUpIsOutsideUntilItHearsWhatItHas() {
        JoinWatch classic = new JoinWatch("test", Duration.ofMinutes(5), JoinWatch.PATIENCE, /* hearsOfEachRebalance= */ true, this);
        classic.subscribes();
        classic.onPartitionsAssigned(SOME);

        classic.onPartitionsRevoked(SOME);
        assertThat(classic.problem(in(Duration.ofSeconds(61)))).hasMessageContaining("group");
        assertThat(classic.isOutsideTooLong(in(Duration.ofMinutes(6)))).isTrue();

        classic.onPartitionsAssigned(List.of());
        assertThat(classic.problem(in(Duration.ofDays(1)))).isNull();
    }

    @Test
    void memberThatKeepsPartitionsIsInItsGroupWhateverItsProtocolSays() {
        JoinWatch watch = new JoinWatch("test", Duration.ofMinutes(5), JoinWatch.PATIENCE, /* hearsOfEachRebalance= */ true, this);
        TopicPartition other = new TopicPartition("orders", 1);
        watch.subscribes();
        watch.onPartitionsAssigned(SOME);
        watch.onPartitionsAssigned(List.of(other));

        watch.onPartitionsRevoked(List.of(other));
        assertThat(watch.problem(in(Duration.ofDays(1)))).isNull();
        assertThat(watch.isOutsideTooLong(in(Duration.ofDays(1)))).isFalse();

        watch.onPartitionsRevoked(SOME);
        assertThat(watch.isOutsideTooLong(in(Duration.ofMinutes(6)))).isTrue();
    }

    @Test
    void whatTheConsumerBeforeHadCountsNoMore() {
        JoinWatch watch = new JoinWatch("test", Duration.ofMinutes(5), JoinWatch.PATIENCE, /* hearsOfEachRebalance= */ true, this);
        watch.subscribes();
        watch.onPartitionsAssigned(List.of(new TopicPartition("orders", 1)));
        watch.subscribes();
        watch.onPartitionsAssigned(SOME);

        watch.onPartitionsRevoked(SOME);

        assertThat(watch.isOutsideTooLong(in(Duration.ofMinutes(6)))).isTrue();
    }

    @Test
    void timeInWhichPartitionsAreGivenUpIsNotSpentOutside() {
        JoinWatch classic = new JoinWatch("test", Duration.ofMinutes(5), JoinWatch.PATIENCE, /* hearsOfEachRebalance= */ true, this);
        classic.subscribes();
        classic.onPartitionsAssigned(SOME);
        whileRevoked = () -> assertThat(classic.problem(in(Duration.ofDays(1)))).isNull();

        classic.onPartitionsRevoked(SOME);

        assertThat(classic.problem(in(Duration.ofSeconds(61)))).isNotNull();
        assertThat(heard).contains("revoked [orders-0]");
    }

    @Test
    void listenerThatWaitsForItsTopicsSaysSo() {
        watch.waitsFor("topics [orders] to be created");
        assertThat(watch.problem(in(Duration.ofSeconds(61)))).hasMessageContaining("waited for topics [orders] to be created for 6");
        assertThat(watch.isOutsideTooLong(in(Duration.ofMinutes(6)))).isTrue();

        watch.subscribes();
        assertThat(watch.problem(in(Duration.ofSeconds(61)))).hasMessageContaining("group");
    }

    @Test
    void lossAfterAnotherDoesNotBeginTheTimeAnew() {
        watch.subscribes();
        long before = in(Duration.ofSeconds(60));

        watch.onPartitionsLost(SOME);

        assertThat(watch.problem(before)).isNotNull();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        heard.add("assigned " + partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        whileRevoked.run();
        heard.add("revoked " + partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        heard.add("lost " + partitions);
    }
}
