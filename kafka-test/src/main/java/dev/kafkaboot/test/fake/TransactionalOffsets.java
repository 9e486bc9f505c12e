package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import dev.kafkaboot.protocol.message.TxnOffsetCommitResponse;

/** Keeps the offsets that producers commit for groups, until their transaction ends. Who asks is the coordinator of the group, and the transaction is open. */
interface TransactionalOffsets {

    /** Keeps offsets back, if the group, its generation and its members are what the request says. */
    TxnOffsetCommitResponse stage(TxnOffsetCommitRequest request, int version);

    /** A producer's transaction ended: what it committed for a group counts from now on, or never did. */
    void end(String groupId, long producerId, boolean commit);
}
