package dev.kafkaboot.test.history;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What can be done to a correct history, and what the checker has to call it. */
enum Mutation {
    LOSE_A_VALUE(AnomalyType.LOST_WRITE, ValueMutations::loseAValue),
    LOSE_THE_LAST_VALUE(AnomalyType.UNSEEN, ValueMutations::loseTheLastValue),
    DUPLICATE(AnomalyType.DUPLICATE, ValueMutations::duplicate),
    MOVE_TO_ANOTHER_PARTITION(AnomalyType.MISROUTED, ValueMutations::moveToAnotherPartition),
    FLIP_A_BIT_FOR_ALL(AnomalyType.CORRUPT_VALUE, ValueMutations::flipABitForAll),
    FLIP_A_BIT_FOR_ONE(AnomalyType.CORRUPT_VALUE, ValueMutations::flipABitForOne),
    SWAP_VALUES(AnomalyType.INCONSISTENT_OFFSETS, ReadMutations::swapValuesInsideAPoll),
    RESURRECT_AN_ABORTED_VALUE(AnomalyType.ABORTED_READ, ValueMutations::resurrectAnAbortedValue),
    RESURRECT_A_FAILED_SEND(AnomalyType.ABORTED_READ, ValueMutations::resurrectAFailedSend),
    READ_OWN_WRITE(AnomalyType.PRECOMMITTED_READ, ValueMutations::readOwnWrite),
    MAKE_A_CYCLE(AnomalyType.WRITE_READ_CYCLE, ValueMutations::makeACycle),
    SWAP_INSIDE_A_POLL(AnomalyType.INTERNAL_NON_MONOTONIC_POLL, ReadMutations::swapInsideAPoll),
    SKIP_INSIDE_A_POLL(AnomalyType.INTERNAL_SKIPPED_POLL, ReadMutations::skipInsideAPoll),
    SKIP_BETWEEN_POLLS(AnomalyType.SKIPPED_POLL, ReadMutations::skipBetweenPolls),
    GO_BACK(AnomalyType.NON_MONOTONIC_POLL, ReadMutations::goBack),
    SKIP_AFTER_A_REBALANCE(AnomalyType.WRONG_START, ReadMutations::skipAfterARebalance),
    CONSUME_TWICE(AnomalyType.CONSUMED_TWICE, ReadMutations::consumeTwice),
    REORDER_SENDS(AnomalyType.NON_MONOTONIC_SEND, ValueMutations::reorderSends),
    COMMIT_TOO_FAR(AnomalyType.COMMIT_PAST_PROCESSED, ProgressMutations::commitTooFar),
    TELL_A_WRONG_OFFSET(AnomalyType.WRONG_COMMITTED_OFFSET, ProgressMutations::tellAWrongOffset),
    NEVER_END(AnomalyType.STUCK_CLIENT, ProgressMutations::neverEnd);

    final AnomalyType expected;
    @SuppressWarnings("ImmutableEnumChecker") // they are methods, and hold nothing
    private final Function<Original, @Nullable List<Operation>> change;

    Mutation(AnomalyType expected, Function<Original, @Nullable List<Operation>> change) {
        this.expected = expected;
        this.change = change;
    }

    /** The changed history, or null if the original gives no occasion. */
    @Nullable List<Operation> apply(Original original) {
        return change.apply(original);
    }
}
