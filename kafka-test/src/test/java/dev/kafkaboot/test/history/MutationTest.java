package dev.kafkaboot.test.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mutated correct history is caught as what it is, and as nothing else, for every seed that gives an occasion. */
class MutationTest {

    private static final long SEEDS = Long.getLong("history.seeds", 2_000) / 10;

    @ParameterizedTest
    @EnumSource
    void mutationIsCaughtAsWhatItIs(Mutation mutation) {
        int occasions = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Operation> mutated = mutation.apply(new Original(seed));
            if (mutated != null) {
                occasions++;
                Report report = HistoryChecker.check(mutated, RandomHistory.expectations());
                assertThat(report.types()).as("seed %d: %s", seed, report.anomalies()).containsExactly(mutation.expected);
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
