package dev.kafkaboot.test.fake;

/** What brokers make of transactions that somebody else decides on (KIP-939). */
public enum TwoPhaseCommit {

    /** They have not heard of it: so every broker that is not told to offer versions that may still change. */
    UNKNOWN,
    /** They offer version 6 of InitProducerId ({@code unstable.api.versions.enable}), and refuse it ({@code transaction.two.phase.commit.enable=false}). */
    REFUSED,
    /** It is allowed, but that a producer keeps what another has prepared is not built yet: as brokers 4.1 to 4.4 are. */
    WITHOUT_KEEPING,
    /** All that the proposal has. No released broker does. */
    COMPLETE;

    /** The first release in which the version is known. */
    static boolean isKnown(String release) {
        return Releases.isAtLeast(release, 4, 1);
    }
}
