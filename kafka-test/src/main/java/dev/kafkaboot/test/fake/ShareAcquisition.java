package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.ShareFetchResponse.AcquiredRecords;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives records of one partition to a member: first what others gave back, then what nobody has had.
 *
 * <p>How far it goes: up to the wanted number of records, to the end of the batch that this number falls into, or strictly (KIP-1206). A record that was given out
 * often, and may be what makes its readers fail, is given with fewer and fewer others, and the last time alone; neither what comes before such a batch is given
 * together with it, nor what nobody has had. All of this is as seen with a real broker.
 */
final class ShareAcquisition {

    private final String memberId;
    private final ShareLock lock;
    private final ShareDemand demand;
    private final int deliveryCountLimit;
    private final List<AcquiredRecords> acquired = new ArrayList<>();
    private int count;
    private boolean stopped;
    private boolean suspicious;

    ShareAcquisition(String memberId, ShareLock lock, ShareDemand demand, int deliveryCountLimit) {
        this.memberId = memberId;
        this.lock = lock;
        this.demand = demand;
        this.deliveryCountLimit = deliveryCountLimit;
    }

    /** What was given, in order. */
    List<AcquiredRecords> acquired() {
        return acquired;
    }

    /** Whether no more may be given. */
    boolean isOver() {
        return stopped || count >= demand.maxRecords();
    }

    // ---- what was given out before

    /** Gives what is available of a batch, between two offsets. */
    void takeFrom(ShareBatch batch, long first, long last) {
        if (isOver()) {
            return;
        }
        boolean throttled = batch.records().stream().anyMatch(record -> record.isAvailable() && record.deliveryCount() >= throttledFrom());
        if (throttled && count > 0) {
            stopped = true;
            return;
        }
        suspicious |= throttled;
        boolean tooMany = demand.isStrict() && batch.size() > demand.maxRecords() - count;
        boolean whole = !batch.isSplit() && !throttled && !tooMany && batch.isWithin(first, last);
        if (!whole && !batch.hasAvailable()) {
            return;
        }
        if (whole && batch.hasAvailable()) {
            take(batch, batch.firstOffset(), batch.lastOffset());
        } else if (!whole) {
            batch.split();
            takeEach(batch, Math.max(first, batch.firstOffset()), Math.min(last, batch.lastOffset()));
        }
    }

    private void takeEach(ShareBatch batch, long first, long last) {
        int most = demand.isStrict() ? demand.maxRecords() - count : Integer.MAX_VALUE;
        int taken = 0;
        @Nullable AcquiredRecords range = null;
        for (long offset = first; offset <= last && taken < most; offset++) {
            ShareRecord record = batch.at(offset);
            if (!record.isAvailable()) {
                continue;
            }
            int before = record.deliveryCount();
            boolean isLastTime = before >= throttledFrom() && before == deliveryCountLimit - 1;
            if (isLastTime && taken > 0) {
                break;
            }
            if (before >= throttledFrom()) {
                most = Math.min(most, Math.max(1, batch.size() >> (before - throttledFrom() + 1)));
            }
            record.acquire(memberId, lock);
            taken++;
            boolean goesOn = range != null && range.lastOffset() == offset - 1 && range.deliveryCount() == record.deliveryCount();
            if (goesOn && range != null) {
                range.lastOffset(offset);
            } else {
                range = add(offset, offset, record.deliveryCount());
            }
            if (isLastTime) {
                break;
            }
        }
        count += taken;
    }

    /** The number of deliveries from which on a record is suspicious. */
    private int throttledFrom() {
        return Math.max(2, (deliveryCountLimit + 1) / 2);
    }

    // ---- what nobody has had

    /** Gives a new batch as a whole. */
    void take(ShareBatch batch) {
        take(batch, batch.firstOffset(), batch.lastOffset());
    }

    /** How many more are wanted. */
    int wanted() {
        return stopped || suspicious ? 0 : Math.max(0, demand.maxRecords() - count);
    }

    private void take(ShareBatch batch, long first, long last) {
        batch.records().forEach(record -> record.acquire(memberId, lock));
        count += batch.size();
        add(first, last, batch.at(first).deliveryCount());
    }

    private AcquiredRecords add(long first, long last, int deliveryCount) {
        AcquiredRecords range = new AcquiredRecords().firstOffset(first).lastOffset(last).deliveryCount((short) deliveryCount);
        acquired.add(range);
        return range;
    }

    // ---- what was given and is to be taken back

    /** Takes back what a reader of committed records may not see. */
    void withdraw(Collection<Long> offsets) {
        List<AcquiredRecords> kept = new ArrayList<>();
        for (AcquiredRecords range : acquired) {
            @Nullable AcquiredRecords part = null;
            for (long offset = range.firstOffset(); offset <= range.lastOffset(); offset++) {
                if (offsets.contains(offset)) {
                    part = null;
                } else if (part == null) {
                    part = new AcquiredRecords().firstOffset(offset).lastOffset(offset).deliveryCount(range.deliveryCount());
                    kept.add(part);
                } else {
                    part.lastOffset(offset);
                }
            }
        }
        acquired.clear();
        acquired.addAll(kept);
    }
}
