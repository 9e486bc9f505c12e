package dev.kafkaboot.test.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The checker finds nothing where nothing is. */
class RandomHistoryTest {

    private static final long SEEDS = Long.getLong("history.seeds", 2_000);

    @Test
    void correctHistoriesHaveNoAnomalies() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Report report = HistoryChecker.check(RandomHistory.of(seed), RandomHistory.expectations());

            assertThat(report.anomalies()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void correctHistoriesOfListenersHaveNoAnomalies() {
        Expectations expectations = RandomHistory.expectations().commitsOnlyFinished();
        for (long seed = 0; seed < SEEDS / 4; seed++) {
            Report report = HistoryChecker.check(RandomHistory.of(seed, RandomMember.Commits.WHAT_IS_FINISHED), expectations);

            assertThat(report.anomalies()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void correctHistoriesHaveNoAnomaliesWhereLessIsSeenOrPromised() {
        Expectations expectations = Expectations.atLeastOnce().rebalancesUnseen().commitsUnseen();
        for (long seed = 0; seed < SEEDS / 4; seed++) {
            Report report = HistoryChecker.check(RandomHistory.of(seed, RandomMember.Commits.AUTOMATICALLY), expectations);

            assertThat(report.anomalies()).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void oneSeedMakesOneHistory() {
        assertThat(RandomHistory.of(7).text()).isEqualTo(RandomHistory.of(7).text()).isNotEqualTo(RandomHistory.of(8).text());
    }
}
