package dev.kafkaboot.test.fake;

/**
 * Something that became of a record in a share group (KIP-932), as the leader of its partition sees it; see {@link FakeKafka#onShareEvent}.
 *
 * @param groupId the group
 * @param topic the record's topic
 * @param partition its partition
 * @param offset its offset
 * @param memberId the member that has it, or had it until now; of what is {@link Kind#STALE}, the member that has said something of it
 * @param kind what happened
 * @param deliveryCount how often the record was given out, as far as the leader knows from now on
 * @param isOver whether it will never be given out again
 */
public record FakeShareEvent(
        String groupId, String topic, int partition, long offset, String memberId, Kind kind, int deliveryCount, boolean isOver) {

    /** What can happen. */
    public enum Kind {
        /** It was given to the member. */
        ACQUIRED,
        /** The member has accepted it. */
        ACCEPTED,
        /** The member has given it back. */
        RELEASED,
        /** The member has rejected it. */
        REJECTED,
        /** The member says that there is no such record. */
        NO_RECORD,
        /** The member has more time for it (KIP-1222). */
        RENEWED,
        /** The member said something of it, and was told that this is well, though it was over already and nothing was done. */
        STALE,
        /** The member had it for too long: it went back. */
        TIMED_OUT,
        /** The member's session is over, by request or with its connection: it went back. */
        SESSION_ENDED,
        /** Another broker leads the partition, and does not know that it was given out. */
        LEADER_MOVED
    }
}
