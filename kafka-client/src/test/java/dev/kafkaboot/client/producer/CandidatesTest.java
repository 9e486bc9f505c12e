package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CandidatesTest {

    private static Set<Integer> drawn(Candidates candidates) {
        TreeSet<Integer> drawn = new TreeSet<>();
        for (int random = -50; random < 50; random++) {
            drawn.add(candidates.draw(random));
        }
        return drawn;
    }

    @Test
    void firstConditionThatAnyPartitionMeetsDecides() {
        Candidates second = Candidates.firstOf(5, partition -> false, partition -> partition > 2, partition -> true);

        assertThat(drawn(second)).containsExactly(3, 4);
        assertThat(second.has(2)).isFalse();
        assertThat(second.has(3)).isTrue();
        assertThat(second.has(-1)).isFalse();
        assertThat(second.has(5)).isFalse();
    }

    @Test
    void allAreCandidatesIfNoneMeetsACondition() {
        assertThat(drawn(Candidates.firstOf(3, partition -> false))).containsExactly(0, 1, 2);
    }

    @Test
    void otherOneIsDrawnIfThereIsAnother() {
        Candidates candidates = Candidates.firstOf(9, partition -> partition % 3 == 0);
        TreeSet<Integer> drawn = new TreeSet<>();
        for (int random = -50; random < 50; random++) {
            drawn.add(candidates.drawOther(3, random));
        }

        assertThat(drawn).containsExactly(0, 6);
        assertThat(candidates.drawOther(4, 1)).as("it is no candidate, so any other one is").isIn(0, 3, 6);
        assertThat(Candidates.firstOf(9, partition -> partition == 3).drawOther(3, 1)).isEqualTo(3);
    }
}
