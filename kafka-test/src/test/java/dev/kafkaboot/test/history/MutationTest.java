package dev.kafkaboot.test.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mutated correct history is caught as what it is, and as nothing else, for every seed that gives an occasion. */
class MutationTest {

    private static final long SEEDS = Long.getLong("history.seeds", 2_000) / 10;

    /** Made once, for there are many mutations. */
    private static List<Original> originals = List.of();

    @BeforeAll
    static void makeOriginals() {
        originals = LongStream.range(0, SEEDS).mapToObj(Original::new).toList();
    }

    @AfterAll
    static void forgetOriginals() {
        originals = List.of();
    }

    @ParameterizedTest
    @EnumSource
    void mutationIsCaughtAsWhatItIs(Mutation mutation) {
        int occasions = 0;
        for (Original original : originals) {
            List<Operation> mutated = mutation.apply(original.again());
            if (mutated != null) {
                occasions++;
                Report report = HistoryChecker.check(mutated, RandomHistory.expectations());
                assertThat(report.types()).as("seed %d: %s", original.seed, report.anomalies()).containsExactly(mutation.expected);
            }
        }
        assertThat(occasions).as("seeds that gave an occasion").isGreaterThan((int) SEEDS / 10);
    }

    @Test
    void everyTypeOfAnomalyHasAMutation() {
        Set<AnomalyType> mutated = Arrays.stream(Mutation.values()).map(mutation -> mutation.expected).collect(Collectors.toSet());

        assertThat(mutated).containsExactlyInAnyOrderElementsOf(EnumSet.allOf(AnomalyType.class));
    }
}
