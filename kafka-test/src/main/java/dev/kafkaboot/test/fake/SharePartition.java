package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Bytes;
import dev.kafkaboot.protocol.message.ShareFetchResponse.AcquiredRecords;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A partition as a share group reads it: which of its records are under way, and from where on (KIP-932).
 *
 * <p>Between the <b>start</b> and the <b>end</b> each offset has a {@link ShareRecord}; before the start everything is over, from the end on nobody has had anything. The
 * start moves on over what is over. Records are kept in the {@link ShareBatch}es in which they were first given out.
 *
 * <p><b>What is written down</b> is what became of records, and never that they were given out. So a leader that comes after another gives out anew what was under
 * way, and counts that delivery a second time. Where a group began is written down only with the first that becomes of a record: until then, a new leader begins
 * where the group would begin now. What is told of the start is what was written last, before the start moved: that is how real brokers do it.
 */
final class SharePartition {

    private static final long UNKNOWN = -1;

    private final FakePartition partition;
    private final ShareConfigs configs;
    private final Timers timers;
    private final ShareEvents events;
    private final Watchers watchers = new Watchers();
    private final TreeMap<Long, ShareBatch> batches = new TreeMap<>();
    private long startOffset = UNKNOWN;
    private long endOffset = UNKNOWN;
    private long writtenStart = UNKNOWN;
    private long writtenAsOver;
    private int leaderEpoch;

    SharePartition(FakePartition partition, ShareConfigs configs, Timers timers, ShareEvents events) {
        this.partition = partition;
        this.configs = configs;
        this.timers = timers;
        this.events = events;
        this.leaderEpoch = partition.leaderEpoch();
    }

    /** A batch of the log that was read, and what was given out of it. */
    record Read(Bytes bytes, List<AcquiredRecords> acquired, int count) {

        static final Read NOTHING = new Read(Bytes.EMPTY, List.of(), 0);
    }

    // ---- giving out

    /** How many bytes could be read now: of batches that have something that may be given out. */
    long readable() {
        open();
        return readableBatches(Long.MAX_VALUE).stream().mapToLong(LogBatch::sizeInBytes).sum();
    }

    /** Gives records to a member. */
    Read acquire(String memberId, ShareDemand demand, long maxBytes) {
        open();
        List<LogBatch> read = demand.maxRecords() <= 0 ? List.of() : readableBatches(maxBytes);
        if (read.isEmpty()) {
            return Read.NOTHING;
        }
        long first = nextOffset();
        long last = read.get(read.size() - 1).lastOffset();
        ShareLock lock = new ShareLock();
        ShareAcquisition acquisition = new ShareAcquisition(memberId, lock, demand, configs.deliveryCountLimit());
        for (ShareBatch batch : under(first, last)) {
            acquisition.takeFrom(batch, first, last);
        }
        takeNew(acquisition, read, last, demand);
        boolean withdrew = configs.isCommittedOnly() && withdrawAborted(acquisition, read);
        List<AcquiredRecords> acquired = acquisition.acquired();
        acquired.forEach(range -> {
            for (long offset = range.firstOffset(); offset <= range.lastOffset(); offset++) {
                events.happened(FakeShareEvent.Kind.ACQUIRED, partition, offset, memberId, range.deliveryCount(), /* isOver= */ false);
            }
        });
        if (withdrew) {
            moveStart();
        }
        if (withdrew && acquired.isEmpty()) {
            return acquire(memberId, demand, maxBytes); // there may be something behind what was aborted
        }
        watchLock(lock);
        return acquired.isEmpty() ? Read.NOTHING : new Read(bytesOf(read, acquired), acquired, count(acquired));
    }

    /** What lies in the log from the next offset on and may be read, in whole batches, the first of them however large it is. */
    private List<LogBatch> readableBatches(long maxBytes) {
        if (isFull()) {
            return List.of();
        }
        PartitionLog log = partition.log();
        long visible = configs.isCommittedOnly() ? log.lastStableOffset() : log.highWatermark();
        List<LogBatch> read = new ArrayList<>();
        long room = maxBytes;
        for (LogBatch batch : log.between(nextOffset(), visible)) {
            if (!read.isEmpty() && batch.sizeInBytes() > room) {
                break;
            }
            read.add(batch);
            room -= batch.sizeInBytes();
        }
        return read;
    }

    /** Whether so many records are under way that nobody is given any that nobody has had. */
    boolean isFull() {
        return nextOffset() == endOffset && endOffset - startOffset >= configs.maxRecordLocks();
    }

    /** The first offset that may be given out: of what was given back, or of what nobody has had. */
    private long nextOffset() {
        for (ShareBatch batch : batches.values()) {
            for (long offset = Math.max(batch.firstOffset(), startOffset); offset <= batch.lastOffset(); offset++) {
                if (batch.at(offset).isAvailable()) {
                    return offset;
                }
            }
        }
        return endOffset;
    }

    private void takeNew(ShareAcquisition acquisition, List<LogBatch> read, long lastRead, ShareDemand demand) {
        long first = Math.max(endOffset, nextOffset());
        long wanted = Math.min(acquisition.wanted(), configs.maxRecordLocks() - (endOffset - startOffset));
        if (acquisition.isOver() || wanted <= 0 || first > lastRead) {
            return;
        }
        long last = Math.min(lastRead, first + wanted - 1);
        if (!demand.isStrict()) {
            last = endOfBatchWith(last, read);
        }
        long begin = first;
        for (LogBatch batch : read) {
            boolean isLarge = batch.lastOffset() >= begin && batch.lastOffset() - begin + 1 >= demand.batchSize();
            if (isLarge && batch.lastOffset() < last) {
                begin = takeNew(acquisition, begin, batch.lastOffset());
            }
        }
        endOffset = takeNew(acquisition, begin, last);
    }

    private long takeNew(ShareAcquisition acquisition, long first, long last) {
        ShareBatch batch = new ShareBatch(first, last);
        batches.put(first, batch);
        acquisition.take(batch);
        return last + 1;
    }

    private static long endOfBatchWith(long offset, List<LogBatch> read) {
        return read.stream().mapToLong(LogBatch::lastOffset).filter(last -> last >= offset).findFirst().orElse(offset);
    }

    /** Takes back what was aborted, and says whether there was any. */
    private boolean withdrawAborted(ShareAcquisition acquisition, List<LogBatch> read) {
        long from = read.get(0).baseOffset();
        long to = read.get(read.size() - 1).lastOffset() + 1;
        TreeSet<Long> withdrawn = new TreeSet<>();
        List<TransactionIndex.Aborted> aborted = partition.log().abortedWithin(from, to);
        for (LogBatch batch : read) {
            boolean isAborted = batch.header().isTransactional() && !batch.header().isControlBatch() && aborted.stream()
                    .anyMatch(each -> each.producerId() == batch.header().producerId()
                            && batch.baseOffset() >= each.firstOffset() && batch.baseOffset() < each.lastOffset());
            for (long offset = batch.baseOffset(); isAborted && offset <= batch.lastOffset(); offset++) {
                withdrawn.add(offset);
            }
        }
        boolean any = false;
        for (ShareBatch batch : batches.values()) {
            for (long offset : withdrawn.subSet(batch.firstOffset(), batch.lastOffset() + 1)) {
                any |= !batch.at(offset).isOver();
                batch.split();
                batch.at(offset).archive();
            }
        }
        acquisition.withdraw(withdrawn);
        return any;
    }

    private static Bytes bytesOf(List<LogBatch> read, List<AcquiredRecords> acquired) {
        long first = acquired.get(0).firstOffset();
        long last = acquired.get(acquired.size() - 1).lastOffset();
        List<ByteBuffer> parts = read.stream()
                .filter(batch -> batch.lastOffset() >= first && batch.baseOffset() <= last)
                .map(batch -> batch.bytes().duplicate().position(0))
                .toList();
        return Bytes.of(parts);
    }

    private static int count(List<AcquiredRecords> acquired) {
        return acquired.stream().mapToInt(range -> (int) (range.lastOffset() - range.firstOffset() + 1)).sum();
    }

    // ---- what becomes of it

    /** Whether what a member says of records can be true, and if so, does it: all of it or nothing. */
    Problem acknowledge(String memberId, List<ShareVerdict> verdicts) {
        open();
        ShareVerdicts plan = new ShareVerdicts(memberId, startOffset, endOffset, batches, configs.mayRenew());
        Problem problem = plan.check(verdicts);
        if (problem.error().code() == 0) {
            ShareLock renewed = new ShareLock();
            plan.apply(renewed, configs.deliveryCountLimit());
            tellOf(plan, memberId);
            if (plan.hasRenewals()) {
                watchLock(renewed);
            }
            if (plan.endsAny()) {
                changed();
            }
        }
        return problem;
    }

    private void tellOf(ShareVerdicts plan, String memberId) {
        plan.stale().forEach(offset -> events.happened(FakeShareEvent.Kind.STALE, partition, offset, memberId, 0, /* isOver= */ true));
        plan.planned().forEach((offset, type) -> {
            ShareRecord record = plan.record(offset);
            events.happened(ShareEvents.kindOf(type), partition, offset, memberId, record.deliveryCount(), record.isOver());
        });
    }

    /** A member is gone: what it has goes back. */
    void release(String memberId) {
        open();
        releaseIf(FakeShareEvent.Kind.SESSION_ENDED, record -> record.isAcquiredBy(memberId));
    }

    private void watchLock(ShareLock lock) {
        timers.afterMillis(configs.recordLockMillis(), () -> {
            open();
            releaseIf(FakeShareEvent.Kind.TIMED_OUT, record -> record.isUnder(lock));
        });
    }

    private void releaseIf(FakeShareEvent.Kind why, Predicate<ShareRecord> isMeant) {
        boolean any = false;
        for (ShareBatch batch : batches.values()) {
            List<Long> meant = batch.offsets().filter(offset -> isMeant.test(batch.at(offset))).boxed().toList();
            if (!meant.isEmpty()) {
                any = true;
                if (meant.size() < batch.size()) {
                    batch.split();
                }
                meant.forEach(offset -> leave(why, batch, offset, record -> record.release(configs.deliveryCountLimit())));
            }
        }
        if (any) {
            changed();
        }
    }

    /** Takes a record from the member that has it. */
    private void leave(FakeShareEvent.Kind why, ShareBatch batch, long offset, Consumer<ShareRecord> how) {
        ShareRecord record = batch.at(offset);
        String owner = Objects.requireNonNull(record.owner());
        how.accept(record);
        events.happened(why, partition, offset, owner, record.deliveryCount(), record.isOver());
    }

    private void changed() {
        writtenStart = startOffset;
        writtenAsOver = records().values().stream().filter(ShareRecord::isOver).count();
        moveStart();
        watchers.tell();
    }

    /** Moves the start on over what is over. */
    private void moveStart() {
        while (!batches.isEmpty()) {
            ShareBatch first = batches.firstEntry().getValue();
            while (startOffset <= first.lastOffset() && (startOffset < first.firstOffset() || first.at(startOffset).isOver())) {
                startOffset++;
            }
            if (startOffset <= first.lastOffset()) {
                return;
            }
            batches.remove(first.firstOffset());
        }
        startOffset = Math.max(startOffset, endOffset);
    }

    // ---- where it is

    /** The start as it was written last, or -1 if none was. */
    long writtenStart() {
        return writtenStart;
    }

    /** How many records are left, as far as was written; -1 if nothing was. */
    long lag() {
        return writtenStart == UNKNOWN ? UNKNOWN : partition.log().highWatermark() - writtenStart - writtenAsOver;
    }

    FakePartition partition() {
        return partition;
    }

    /** The first offset that is not over; -1 before anybody has read. */
    long startOffset() {
        return startOffset;
    }

    /** Begins at an offset, or where a group begins that has never read if the offset is negative. */
    void restart(long offset) {
        batches.clear();
        startOffset = offset < 0 ? UNKNOWN : offset;
        endOffset = startOffset;
        writtenStart = offset;
        writtenAsOver = 0;
        watchers.tell();
    }

    /** Each record that is under way, by offset. */
    Map<Long, ShareRecord> records() {
        TreeMap<Long, ShareRecord> records = new TreeMap<>();
        batches.values().forEach(batch -> {
            for (long offset = Math.max(startOffset, batch.firstOffset()); offset <= batch.lastOffset(); offset++) {
                records.put(offset, batch.at(offset));
            }
        });
        return records;
    }

    private List<ShareBatch> under(long first, long last) {
        return batches.values().stream().filter(batch -> batch.lastOffset() >= first && batch.firstOffset() <= last).toList();
    }

    /** Takes note of what happened to the partition meanwhile: another leader, or deleted records. */
    private void open() {
        if (leaderEpoch != partition.leaderEpoch()) {
            leaderEpoch = partition.leaderEpoch();
            reload();
        }
        if (startOffset == UNKNOWN) {
            startOffset = configs.initialOffset(partition.log(), timers.nowMillis());
            endOffset = startOffset;
        }
        long logStart = partition.log().startOffset();
        if (logStart > startOffset) {
            startOffset = logStart;
            endOffset = Math.max(endOffset, logStart);
            batches.values().removeIf(batch -> batch.lastOffset() < logStart);
            moveStart();
        }
    }

    private void reload() {
        batches.values().forEach(batch -> batch.offsets()
                .filter(offset -> batch.at(offset).state() == ShareRecord.State.ACQUIRED)
                .forEach(offset -> leave(FakeShareEvent.Kind.LEADER_MOVED, batch, offset, ShareRecord::forgetDelivery)));
        if (writtenStart == UNKNOWN) {
            restart(UNKNOWN);
            return;
        }
        while (!batches.isEmpty() && isNew(batches.lastEntry().getValue())) {
            endOffset = batches.pollLastEntry().getValue().firstOffset();
        }
        endOffset = Math.max(startOffset, endOffset);
    }

    private static boolean isNew(ShareBatch batch) {
        return batch.records().stream().allMatch(record -> record.isAvailable() && record.deliveryCount() == 0);
    }

    // ---- those who wait

    /** Calls when records go back, or nothing is left of what was under way. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }
}
