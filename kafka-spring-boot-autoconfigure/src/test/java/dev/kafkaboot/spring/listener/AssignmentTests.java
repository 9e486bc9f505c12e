package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What rebalance listeners hear of the partitions that a container has. */
class AssignmentTests implements ConsumerRebalanceListener {

    private static final List<TopicPartition> ALL = IntStream.range(0, 12).mapToObj(each -> new TopicPartition("orders", each)).toList();

    private final ListenerBench bench = new ListenerBench().start(record -> {}, failed -> ErrorDecision.skip());
    private final Assignment assignment = new Assignment("test", Duration.ofSeconds(30), bench.committer(), new RebalanceListeners(null, List.of(this)),
            bench.observers(), partition -> bench.work(partition.partition()));
    private final List<TopicPartition> heard = Collections.synchronizedList(new ArrayList<>());
    private volatile CountDownLatch hangs = new CountDownLatch(0);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void rebalanceListenersHearOfPartitionsInTheirOrderWhenTheyAreRevoked() {
        assignment.onPartitionsAssigned(ALL);

        assignment.onPartitionsRevoked(List.of(ALL.get(7), ALL.get(11), ALL.get(2)));

        assertThat(heard).containsExactly(ALL.get(2), ALL.get(7), ALL.get(11));
    }

    @Test
    void rebalanceListenersHearOfPartitionsInTheirOrderAtTheEnd() {
        assignment.onPartitionsAssigned(ALL);

        assignment.end(Duration.ofSeconds(30));

        assertThat(heard).isEqualTo(ALL);
    }

    @Test
    @Timeout(60)
    void endDoesNotWaitForARebalanceListenerThatHangs() {
        assignment.onPartitionsAssigned(ALL);
        hangs = new CountDownLatch(1);

        assignment.end(Duration.ZERO, Duration.ofMillis(50));

        assertThat(assignment.partitions()).isEmpty();
        assertThat(heard).isEmpty();
        hangs.countDown();
    }

    @Test
    void rebalanceListenersHearOfPartitionsInTheirOrderWhenAllAreLost() {
        assignment.onPartitionsAssigned(ALL);

        assignment.loseAll(Duration.ofSeconds(30));

        assertThat(heard).isEqualTo(ALL);
    }

    @Test
    @Timeout(60)
    void lostPartitionIsForgottenWhenTheListenerHasFinishedItsRecord() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ListenerBench other = new ListenerBench().start(record -> {
            begun.countDown();
            goOn.await();
        }, failed -> ErrorDecision.skip())) {
            Assignment lost = new Assignment("test", Duration.ofSeconds(30), other.committer(), new RebalanceListeners(null, List.of()), other.observers(),
                    partition -> other.work(partition.partition()));
            lost.onPartitionsAssigned(List.of(ALL.get(0)));
            other.poll(0, 0, 1);
            begun.await();
            lost.onPartitionsLost(List.of(ALL.get(0)));
            assertThat(lost.withListener()).containsExactly(other.work(0));
            assertThat(other.work(0).firstUnfinished()).isEqualTo("orders-0@0");

            goOn.countDown();
            other.work(0).awaitFinished(System.nanoTime() + Duration.ofSeconds(30).toNanos());

            assertThat(lost.withListener()).isEmpty();
            assertThat(other.work(0).firstUnfinished()).isNull();
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        try {
            hangs.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        heard.addAll(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        heard.addAll(partitions);
    }
}
