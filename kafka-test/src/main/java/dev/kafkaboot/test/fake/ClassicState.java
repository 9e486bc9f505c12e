package dev.kafkaboot.test.fake;

import java.util.EnumSet;

/** The states of a classic group. */
enum ClassicState {
    /** No members; perhaps offsets. */
    EMPTY("Empty"),
    /** Members are awaited to join. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** All have joined; the leader's assignment is awaited. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** All have their assignment. */
    STABLE("Stable"),
    /** Deleted. */
    DEAD("Dead");

    private final String label;

    ClassicState(String label) {
        this.label = label;
    }

    /** The name on the wire. */
    String label() {
        return label;
    }

    /** Whether a group in this state may go over to another. */
    boolean mayBecome(ClassicState next) {
        return nextStates().contains(next);
    }

    private EnumSet<ClassicState> nextStates() {
        return switch (this) {
            case EMPTY -> EnumSet.of(PREPARING_REBALANCE, DEAD);
            case PREPARING_REBALANCE -> EnumSet.of(COMPLETING_REBALANCE, EMPTY, DEAD);
            case COMPLETING_REBALANCE -> EnumSet.of(STABLE, PREPARING_REBALANCE, DEAD);
            case STABLE -> EnumSet.of(PREPARING_REBALANCE, DEAD);
            case DEAD -> EnumSet.noneOf(ClassicState.class);
        };
    }
}
