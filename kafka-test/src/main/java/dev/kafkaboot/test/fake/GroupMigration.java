package dev.kafkaboot.test.fake;

/**
 * Which ways between the two group protocols are open to a group that has members (KIP-848, {@code group.consumer.migration.policy}). A group without members goes
 * over to whichever protocol is spoken to it first, whatever is set.
 */
public enum GroupMigration {

    /** None: members of a group all speak the same protocol. */
    DISABLED,
    /** Classic groups become consumer groups when a member joins that speaks the newer protocol, and stay so. */
    UPGRADE,
    /** Consumer groups become classic groups when the last member is gone that speaks the newer protocol. */
    DOWNGRADE,
    /** Both, as brokers since 4.0 have it. */
    BIDIRECTIONAL;

    /** What brokers of a release do that are not told. */
    static GroupMigration usualOf(String release) {
        return Releases.isAtLeast(release, 4, 0) ? BIDIRECTIONAL : DISABLED;
    }

    boolean allowsUpgrade() {
        return this == UPGRADE || this == BIDIRECTIONAL;
    }

    boolean allowsDowngrade() {
        return this == DOWNGRADE || this == BIDIRECTIONAL;
    }
}
