package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StickyTurnsTest {

    @Test
    void turnStaysUntilItIsEnded() {
        StickyTurns turns = new StickyTurns(1);
        int first = turns.current(6, every -> true);

        assertThat(turns.current(6, every -> true)).isEqualTo(first);
        assertThat(turns.moveOn(first, 6, every -> true)).isNotEqualTo(first).isEqualTo(turns.current(6, every -> true));
    }

    @Test
    void turnIsEndedOnceByTwoWhoSeeItsEnd() {
        StickyTurns turns = new StickyTurns(1);
        int first = turns.current(6, every -> true);
        int second = turns.moveOn(first, 6, every -> true);

        assertThat(turns.moveOn(first, 6, every -> true)).isEqualTo(first);
        assertThat(turns.current(6, every -> true)).isEqualTo(second);
    }

    @Test
    void partitionsHaveTheirTurnsEquallyOften() {
        StickyTurns turns = new StickyTurns(42);
        int[] counts = new int[7];
        int partition = turns.current(7, every -> true);
        for (int i = 0; i < 70_000; i++) {
            partition = turns.moveOn(partition, 7, every -> true);
            counts[partition]++;
        }

        assertThat(IntStream.of(counts).boxed()).allSatisfy(count -> assertThat(count).isBetween(9_500, 10_500));
    }

    @Test
    void partitionsWithoutLeaderAreLeftOutAsLongAsThereAreOthers() {
        StickyTurns turns = new StickyTurns(42);
        int partition = turns.current(4, index -> index != 2);
        for (int i = 0; i < 50; i++) {
            partition = turns.moveOn(partition, 4, index -> index == 1 || index == 3);
        }

        assertThat(turns.moveOn(partition, 4, none -> false)).isBetween(0, 3);
    }

    @Test
    void topicOfOnePartitionHasItAlways() {
        StickyTurns turns = new StickyTurns(5);
        int only = turns.current(1, every -> true);

        assertThat(only).isZero();
        assertThat(turns.moveOn(only, 1, every -> true)).isZero();
    }
}
