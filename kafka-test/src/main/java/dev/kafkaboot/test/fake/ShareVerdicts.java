package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that a member says of records of one partition in one request: checked first as a whole, then done. */
final class ShareVerdicts {

    private final String memberId;
    private final long startOffset;
    private final long endOffset;
    private final NavigableMap<Long, ShareBatch> batches;
    private final boolean mayRenew;
    private final TreeMap<Long, ShareVerdict.Type> planned = new TreeMap<>();
    private final TreeSet<Long> stale = new TreeSet<>();

    ShareVerdicts(String memberId, long startOffset, long endOffset, NavigableMap<Long, ShareBatch> batches, boolean mayRenew) {
        this.memberId = memberId;
        this.startOffset = startOffset;
        this.endOffset = endOffset;
        this.batches = batches;
        this.mayRenew = mayRenew;
    }

    /** What is wrong, or a problem that is none. */
    Problem check(List<ShareVerdict> verdicts) {
        for (ShareVerdict verdict : verdicts) {
            Problem problem = check(verdict);
            if (problem.error() != ErrorCode.NONE) {
                return problem;
            }
        }
        return Problem.of(ErrorCode.NONE);
    }

    private Problem check(ShareVerdict verdict) {
        for (long offset = verdict.firstOffset(); offset <= verdict.lastOffset() && offset < startOffset; offset++) {
            stale.add(offset);
        }
        if (verdict.lastOffset() < startOffset) {
            return Problem.of(ErrorCode.NONE); // it is over already: somebody else was quicker
        }
        long first = Math.max(startOffset, verdict.firstOffset());
        if (batches.floorEntry(first) == null) {
            return new Problem(ErrorCode.INVALID_RECORD_STATE, "Nobody has had the record at offset " + first);
        }
        if (verdict.lastOffset() >= endOffset) {
            return new Problem(ErrorCode.INVALID_REQUEST, "Nobody has had the records from offset " + endOffset + " on");
        }
        for (long offset = first; offset <= verdict.lastOffset(); offset++) {
            ShareVerdict.Type type = verdict.at(offset);
            boolean isRenewal = type == ShareVerdict.Type.RENEW;
            if (!record(offset).isAcquiredBy(memberId) || planned.containsKey(offset) || isRenewal && !mayRenew) {
                return new Problem(ErrorCode.INVALID_RECORD_STATE, "Member " + memberId + " has not got the record at offset " + offset);
            }
            planned.put(offset, type);
        }
        return Problem.of(ErrorCode.NONE);
    }

    private ShareBatch batch(long offset) {
        Map.Entry<Long, ShareBatch> entry = batches.floorEntry(offset);
        if (entry == null || entry.getValue().lastOffset() < offset) {
            throw new IllegalStateException("Nothing is known of offset " + offset + " between " + startOffset + " and " + endOffset);
        }
        return entry.getValue();
    }

    /** The record at an offset of which something is planned. */
    ShareRecord record(long offset) {
        return batch(offset).at(offset);
    }

    /** What is to be done, by offset. */
    Map<Long, ShareVerdict.Type> planned() {
        return planned;
    }

    /** The offsets of which something is said although they are over already. */
    Collection<Long> stale() {
        return stale;
    }

    boolean hasRenewals() {
        return planned.containsValue(ShareVerdict.Type.RENEW);
    }

    /** Whether anything becomes of any record. */
    boolean endsAny() {
        return planned.values().stream().anyMatch(type -> type != ShareVerdict.Type.RENEW);
    }

    /** Does what was checked. */
    void apply(ShareLock renewed, int deliveryCountLimit) {
        splitWhereOffsetsDiffer();
        planned.forEach((offset, type) -> {
            ShareRecord record = record(offset);
            switch (type) {
                case ACCEPT -> record.acknowledge();
                case RELEASE -> record.release(deliveryCountLimit);
                case REJECT, GAP -> record.archive();
                case RENEW -> record.renew(renewed);
            }
        });
    }

    private void splitWhereOffsetsDiffer() {
        for (long offset : planned.keySet()) {
            ShareBatch batch = batch(offset);
            Map<Long, ShareVerdict.Type> own = planned.subMap(batch.firstOffset(), batch.lastOffset() + 1);
            if (own.size() < batch.size() || own.values().stream().distinct().count() > 1) {
                batch.split();
            }
        }
    }
}
