package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoundRobinTest {

    private final Partitioner partitioner = Partitioners.roundRobin();

    private static PartitionView view(int count, Set<Integer> led) {
        return new PartitionView() {
            @Override
            public int count() {
                return count;
            }

            @Override
            public @Nullable Node leader(int partition) {
                return led.contains(partition) ? new Node(1, "b1", 9092, null) : null;
            }
        };
    }

    private List<Integer> choices(String topic, PartitionView view, int records) {
        List<Integer> choices = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            choices.add(partitioner.partition(topic, "always the same key".getBytes(java.nio.charset.StandardCharsets.UTF_8), null, view));
        }
        return choices;
    }

    @Test
    void everyTopicHasItsOwnTurns() {
        PartitionView three = view(3, Set.of(0, 1, 2));

        assertThat(choices("a", three, 4)).containsExactly(0, 1, 2, 0);
        assertThat(choices("b", three, 2)).containsExactly(0, 1);
        assertThat(choices("a", three, 2)).containsExactly(1, 2);
    }

    @Test
    void partitionWithoutALeaderIsPassedOverAndAnotherOneGetsNoMoreForIt() {
        assertThat(choices("a", view(4, Set.of(0, 1, 3)), 9)).containsExactly(0, 1, 3, 0, 1, 3, 0, 1, 3);
    }

    @Test
    void withoutAnyLeaderTheTurnsGoOn() {
        assertThat(choices("a", view(3, Set.of()), 4)).containsExactly(0, 1, 2, 0);
    }
}
