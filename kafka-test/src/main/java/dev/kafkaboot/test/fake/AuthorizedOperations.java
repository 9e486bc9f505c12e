package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;

/** What somebody may do whom no access-control list restrains, as sets of bits (KIP-430). */
final class AuthorizedOperations {

    /** Nobody asked. */
    static final int UNKNOWN = Integer.MIN_VALUE;

    private static final int READ = 1 << 3;
    private static final int WRITE = 1 << 4;
    private static final int CREATE = 1 << 5;
    private static final int DELETE = 1 << 6;
    private static final int ALTER = 1 << 7;
    private static final int DESCRIBE = 1 << 8;
    private static final int CLUSTER_ACTION = 1 << 9;
    private static final int DESCRIBE_CONFIGS = 1 << 10;
    private static final int ALTER_CONFIGS = 1 << 11;
    private static final int IDEMPOTENT_WRITE = 1 << 12;

    private static final int GROUP = READ | DELETE | DESCRIBE | DESCRIBE_CONFIGS | ALTER_CONFIGS;
    private static final int TOPIC = READ | WRITE | CREATE | DELETE | ALTER | DESCRIBE | DESCRIBE_CONFIGS | ALTER_CONFIGS;
    private static final int CLUSTER =
            CREATE | ALTER | DESCRIBE | CLUSTER_ACTION | DESCRIBE_CONFIGS | ALTER_CONFIGS | IDEMPOTENT_WRITE;

    private AuthorizedOperations() {}

    /** What may be done with a group of which this is told. */
    static int onGroup(boolean asked, short errorCode) {
        return asked && errorCode == ErrorCode.NONE.code() ? GROUP : UNKNOWN;
    }

    /** What may be done with a topic. */
    static int onTopic(boolean asked) {
        return asked ? TOPIC : UNKNOWN;
    }

    /** What may be done with the cluster. */
    static int onCluster(boolean asked) {
        return asked ? CLUSTER : UNKNOWN;
    }
}
