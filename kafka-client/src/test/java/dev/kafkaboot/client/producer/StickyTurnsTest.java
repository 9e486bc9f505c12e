package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StickyTurnsTest {

    private static final Candidates SIX = Candidates.all(6);

    /** How often each partition has the turn. */
    private static int[] counts(StickyTurns turns, Candidates candidates, int partitions, int count) {
        int[] counts = new int[partitions];
        int partition = turns.current(candidates);
        for (int i = 0; i < count; i++) {
            partition = turns.moveOn(partition, candidates);
            counts[partition]++;
        }
        return counts;
    }

    /** How often each partition has the turn if each batch takes as many turns of others to go out as is told of its partition. */
    private static int[] countsUnderLoad(StickyTurns turns, int count, int... slowness) {
        Candidates candidates = Candidates.all(slowness.length);
        double[] load = new double[slowness.length];
        IntToLongFunction loads = partition -> (long) load[partition];
        int[] counts = new int[slowness.length];
        int partition = turns.current(candidates);
        for (int i = 0; i < count; i++) {
            counts[partition]++;
            load[partition] += 1_000;
            for (int each = 0; each < load.length; each++) {
                load[each] = Math.max(0, load[each] - 1_000.0 / slowness[each]);
            }
            partition = turns.moveOn(partition, candidates, loads);
        }
        return counts;
    }

    @Test
    void turnStaysUntilItIsEnded() {
        StickyTurns turns = new StickyTurns(1);
        int first = turns.current(SIX);

        assertThat(turns.current(SIX)).isEqualTo(first);
        assertThat(turns.moveOn(first, SIX)).isNotEqualTo(first).isEqualTo(turns.current(SIX));
    }

    @Test
    void turnIsEndedOnceByTwoWhoSeeItsEnd() {
        StickyTurns turns = new StickyTurns(1);
        int first = turns.current(SIX);
        int second = turns.moveOn(first, SIX);

        assertThat(turns.moveOn(first, SIX)).isEqualTo(first);
        assertThat(turns.moveOn(first, SIX, partition -> 0)).isEqualTo(first);
        assertThat(turns.current(SIX)).isEqualTo(second);
    }

    @Test
    void partitionsHaveTheirTurnsEquallyOften() {
        int[] counts = counts(new StickyTurns(42), Candidates.all(7), 7, 70_000);

        assertThat(IntStream.of(counts).boxed()).allSatisfy(count -> assertThat(count).isBetween(9_500, 10_500));
    }

    @Test
    void partitionsThatAreNoCandidatesHaveNoTurnAndTheOthersShareEvenlyHoweverFewTheyAre() {
        int[] counts = counts(new StickyTurns(42), Candidates.firstOf(1_000, partition -> partition % 250 == 3), 1_000, 4_000);

        assertThat(IntStream.range(0, 1_000).filter(partition -> counts[partition] > 0)).containsExactly(3, 253, 503, 753);
        assertThat(IntStream.of(counts).filter(count -> count > 0).boxed()).allSatisfy(count -> assertThat(count).isBetween(900, 1_100));
    }

    @Test
    void turnOfAPartitionThatIsNoCandidateAnyMoreIsOver() {
        StickyTurns turns = new StickyTurns(3);
        int first = turns.current(SIX);

        assertThat(turns.current(Candidates.firstOf(6, partition -> partition != first))).isNotEqualTo(first);
    }

    @Test
    void onlyPartitionHasEveryTurn() {
        StickyTurns turns = new StickyTurns(5);
        Candidates one = Candidates.all(1);

        assertThat(turns.current(one)).isZero();
        assertThat(turns.moveOn(0, one)).isZero();
        assertThat(turns.moveOn(0, one, partition -> 7)).isZero();
    }

    @Test
    void partitionsThatAreEquallyFastHaveEquallyManyTurns() {
        int[] counts = countsUnderLoad(new StickyTurns(7), 60_000, 5, 5, 5, 5, 5, 5);

        assertThat(IntStream.of(counts).boxed()).allSatisfy(count -> assertThat(count).isBetween(9_500, 10_500));
    }

    @Test
    void partitionWhereMoreWaitsHasFewerTurns() {
        int[] counts = countsUnderLoad(new StickyTurns(7), 60_000, 4, 4, 4, 4, 4, 40);

        assertThat(counts[5]).as("it takes a batch in forty turns").isBetween(1_200, 3_000);
        assertThat(IntStream.range(0, 5).mapToObj(partition -> counts[partition])).allSatisfy(count -> assertThat(count).isBetween(10_500, 12_000));
    }

    @Test
    void slowOneOfTwoPartitionsIsNotGivenEverySecondTurn() {
        int[] counts = countsUnderLoad(new StickyTurns(7), 10_000, 1, 10);

        assertThat(counts[1]).isBetween(500, 2_000);
    }
}
