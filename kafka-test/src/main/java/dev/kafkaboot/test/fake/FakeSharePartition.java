package dev.kafkaboot.test.fake;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a share group is with a partition at the moment (KIP-932); see {@link FakeGroup#shared}.
 *
 * @param startOffset the first offset that is not over; -1 before anybody has read
 * @param underWay the records from there on that were given out at least once, by offset
 */
public record FakeSharePartition(long startOffset, SortedMap<Long, UnderWay> underWay) {

    /**
     * A record.
     *
     * @param deliveryCount how often it was given out
     * @param memberId who has it, or null if nobody does
     * @param isOver whether it will never be given out again
     */
    public record UnderWay(int deliveryCount, @Nullable String memberId, boolean isOver) {}
}
