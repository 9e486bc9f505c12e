package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What rebalance listeners hear of the partitions that a container has. */
class AssignmentTests implements ConsumerRebalanceListener {

    private static final List<TopicPartition> ALL = IntStream.range(0, 12).mapToObj(each -> new TopicPartition("orders", each)).toList();

    private final ListenerBench bench = new ListenerBench().start(record -> {}, failed -> ErrorDecision.skip());
    private final Assignment assignment = new Assignment("test", Duration.ofSeconds(30), bench.committer(), new RebalanceListeners(null, List.of(this)),
            bench.observers(), partition -> bench.work(partition.partition()));
    private final List<TopicPartition> heard = new ArrayList<>();

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
    void rebalanceListenersHearOfPartitionsInTheirOrderWhenAllAreLost() {
        assignment.onPartitionsAssigned(ALL);

        assignment.loseAll(Duration.ofSeconds(30));

        assertThat(heard).isEqualTo(ALL);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        heard.addAll(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        heard.addAll(partitions);
    }
}
