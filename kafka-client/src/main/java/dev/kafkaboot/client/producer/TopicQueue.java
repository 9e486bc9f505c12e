package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.Persistence;
import dev.kafkaboot.client.SendException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.producer.ChunkPool.Priority;
import dev.kafkaboot.client.producer.PartitionQueue.Appended;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topic: its partitions once they are known, and the records that wait for that.
 *
 * <p><b>Parking.</b> As long as the partitions are not published, records are copied, counted as used memory, and parked, in order.
 *
 * <p><b>Moving.</b> Once the partitions are known, tasks on the loop's callbacks, one at a time, move what is parked: they ask where a record goes, which may
 * run the user's code, and append it, which copies and may compress. The lock is held only while a record is taken out of the line, so neither the loop
 * nor anybody who sends waits for a move. Records that come meanwhile are parked behind. When none is left the partitions are published, under the lock
 * under which records are parked: so none overtakes another.
 *
 * <p><b>Growth.</b> A record may name a partition that the topic has got since its partitions were told. Then they are taken back, and it is parked as the first
 * was, with what comes behind it, until the cluster was asked anew; if there is no such partition then, it fails alone.
 *
 * <p><b>Memory.</b> Moving takes chunks, before a parked record gives back what it counts for. It may take them as long as chunks alone stay within the
 * buffer ({@link Priority#PARKED}), and if there are none it goes on when some come back: what is in chunks is on its way, so they do.
 */
final class TopicQueue {

    private static final Logger log = LoggerFactory.getLogger(TopicQueue.class);

    private static final PartitionQueue[] NONE = {};

    /** Stands for the partition of a record that none was chosen for. */
    private static final int UNCHOSEN = -1;

    /** How much of what is parked a task moves, in bytes: callbacks of others wait that long. */
    private static final int SLICE = 256 * 1024;

    /** How old what is known of the topic has to be for the cluster to be asked anew because of one record: it may name wrong partitions again and again. */
    private static final long NEWS_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** What became of a record. */
    enum Outcome {
        /** It is in a batch, or parked. */
        IN,
        /** There is no memory for it. */
        NO_MEMORY,
        /** The topic was forgotten meanwhile, and has another queue now, or gets one. */
        FORGOTTEN
    }

    private final String name;
    private final RecordAccumulator.Settings settings;
    private final RecordAccumulator.Owner owner;
    private final PartitionChooser chooser;

    /** What records are put into; null while they are parked. Replaced as a whole, under the lock. */
    private volatile PartitionQueue @Nullable [] partitions;

    /** Every partition that there ever was, so that nothing is forgotten if some disappear. Changed on the loop. */
    private volatile PartitionQueue[] queues = NONE;

    /** When the cluster last told the partitions, in nanoseconds of the loop's clock. */
    private volatile long toldNanos;

    /** Whether anybody sent something since the loop last looked. */
    private volatile boolean touched = true;

    // Under the lock:
    private final ParkedRecords parked = new ParkedRecords();
    private int knownCount;
    private boolean moving;
    private boolean awaitsNews;
    private boolean untold;
    private boolean forgotten;
    private boolean ended;

    // Of the loop alone:
    private long idleSinceNanos;

    TopicQueue(String name, RecordAccumulator.Settings settings, RecordAccumulator.Owner owner) {
        this.name = name;
        this.settings = settings;
        this.owner = owner;
        this.chooser = new PartitionChooser(
                name, settings.partitioning(), new StickyTurns((int) settings.loop().nanoTime()), owner.leaders());
    }

    String name() {
        return name;
    }

    /**
     * Appends a record, or parks it. Any thread.
     *
     * @throws KafkaException if it names a partition that the topic does not have, or the producer is closed
     */
    Outcome append(
            SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers, int size,
            Priority priority) {
        if (!touched) {
            touched = true;
        }
        PartitionQueue[] all = partitions;
        return all == null || isNews(all, partition)
                ? park(future, partition, key, value, headers, size, priority)
                : append(all, future, partition, key, value, headers, size, priority);
    }

    /** Whether a record names a partition that the topic may have got lately. */
    private boolean isNews(PartitionQueue[] all, @Nullable Integer partition) {
        return partition != null && partition >= all.length && settings.loop().nanoTime() - toldNanos >= NEWS_NANOS;
    }

    private Outcome append(
            PartitionQueue[] all, SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value,
            Headers headers, int size, Priority priority) {
        PartitionQueue queue = chooser.choose(all, future, partition, key, value);
        Appended appended = appendTo(queue, future, key, value, headers, size, priority, PartitionQueue.NOW);
        appended(appended, all, queue, partition, key);
        return switch (appended) {
            case QUIETLY, TELL_SENDER -> Outcome.IN;
            case NO_MEMORY -> Outcome.NO_MEMORY;
            case ENDED -> refused();
        };
    }

    private Appended appendTo(
            PartitionQueue queue, SendFuture future, byte @Nullable [] key, byte @Nullable [] value, Headers headers, int size,
            Priority priority, long sinceNanos) {
        Appended appended;
        try {
            appended = queue.append(future, key, value, headers, size, priority, sinceNanos);
        } catch (Throwable failure) {
            settings.pool().tellFreed(); // a batch that got no record has given its chunk back
            owner.workAppeared(queue);
            throw failure;
        }
        if (appended == Appended.TELL_SENDER || appended == Appended.NO_MEMORY) {
            tellSender(queue);
        }
        return appended;
    }

    /** A record that is in its batch is on its way, whatever happens behind that: if its future told of a failure, it would be sent again. */
    private void tellSender(PartitionQueue queue) {
        try {
            owner.workAppeared(queue);
        } catch (Throwable failure) { // no stack or heap is left
            queue.untold();
            warn(failure);
        }
    }

    private void appended(Appended appended, PartitionQueue[] all, PartitionQueue queue, @Nullable Integer partition, byte @Nullable [] key) {
        try {
            chooser.appended(all, queue, partition, key);
        } catch (Throwable failure) {
            if (appended == Appended.NO_MEMORY || appended == Appended.ENDED) {
                throw failure;
            }
            warn(failure);
        }
    }

    private void warn(Throwable failure) {
        try {
            log.warn("A record of topic '{}' is on its way, but not all could be done that was to be done behind it", name, failure);
        } catch (Throwable again) { // logging takes more of a stack than there may be
            failure.addSuppressed(again);
        }
    }

    private Outcome refused() {
        if (owner.isClosed()) {
            throw RecordAccumulator.closed(name);
        }
        return Outcome.FORGOTTEN;
    }

    private Outcome park(
            SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers, int size,
            Priority priority) {
        boolean isReserved = settings.pool().reserveParked(size, priority);
        ParkedRecord record = isReserved ? copyOrRelease(future, partition, key, value, headers, size) : null;
        PartitionQueue[] all;
        boolean isFirst = false;
        boolean isParked = false;
        boolean isRefused;
        synchronized (this) {
            isRefused = ended || forgotten || owner.isClosed();
            if (record != null && !isRefused && partitions != null && isNews(partitions, partition)) {
                partitions = null;
                awaitsNews = true;
            }
            all = partitions;
            if (record != null && all == null && !isRefused) {
                isFirst = parked.isEmpty() || untold;
                untold = false;
                parked.add(record);
                isParked = true;
            }
        }
        if (isFirst) {
            tellParked();
        }
        if (isParked) {
            return Outcome.IN;
        }
        if (record != null) {
            release(size);
        }
        if (isRefused) {
            return refused();
        }
        if (all == null || record == null && isNews(all, partition)) {
            return Outcome.NO_MEMORY;
        }
        return append(all, future, partition, key, value, headers, size, priority);
    }

    /** As {@link #tellSender}. */
    private void tellParked() {
        try {
            owner.recordsParked(this);
        } catch (Throwable failure) {
            synchronized (this) {
                untold = true;
            }
            warn(failure);
        }
    }

    private ParkedRecord copyOrRelease(
            SendFuture future, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers, int size) {
        boolean isCopied = false;
        try {
            ParkedRecord copy = ParkedRecord.copyOf(future, partition, key, value, headers, size, settings.loop().nanoTime());
            isCopied = true;
            return copy;
        } finally {
            if (!isCopied) {
                release(size);
            }
        }
    }

    /** Gives back what a record was counted for that is not parked after all; somebody may have found no room meanwhile. */
    private void release(int size) {
        settings.pool().releaseParked(size);
        settings.pool().tellFreed();
    }

    /** The topic has so many partitions. On the loop. */
    void known(int count) {
        if (count > queues.length) {
            PartitionQueue[] more = Arrays.copyOf(queues, count);
            for (int i = queues.length; i < count; i++) {
                more[i] = new PartitionQueue(new TopicPartition(name, i), settings);
            }
            queues = more;
        }
        synchronized (this) {
            knownCount = count;
            publish();
        }
        unpark();
    }

    /** Whether the record that is first in line is for a partition that nobody has told of yet. */
    synchronized boolean isMoreNamed() {
        ParkedRecord oldest = parked.oldest();
        Integer named = oldest == null ? null : oldest.partition();
        return named != null && named >= knownCount;
    }

    /** The cluster has told what there is of the topic now, or could not be asked. On the loop. */
    void told() {
        synchronized (this) {
            awaitsNews = false;
            toldNanos = settings.loop().nanoTime();
        }
        unpark();
    }

    /** Lets records go straight to the partitions, if none is parked. Under the lock. */
    private void publish() {
        PartitionQueue[] before = partitions;
        boolean isOpen = !ended && !forgotten && parked.isEmpty();
        if (isOpen && knownCount > 0 && (before == null || before.length != knownCount)) {
            partitions = Arrays.copyOf(queues, knownCount);
        }
    }

    /** Begins to move what is parked, unless that is under way. Any thread. */
    void unpark() {
        synchronized (this) {
            if (moving || awaitsNews || ended || knownCount == 0 || parked.isEmpty()) {
                return;
            }
            moving = true;
        }
        settings.loop().callbacks().execute(this::moveSome);
    }

    private void moveSome() {
        int moved = 0;
        ParkedRecord record = next();
        while (record != null && moved < SLICE && move(record)) {
            moved += record.size();
            record = next();
        }
        if (moved > 0) { // and else not: two topics that wait for memory would wake each other in turns
            settings.pool().tellFreed();
        }
        if (record == null) {
            return; // all are moved, and what comes now begins anew
        }
        if (moved < SLICE) {
            pauseForMemory(record);
        } else {
            settings.loop().callbacks().execute(this::moveSome);
        }
    }

    /** The record that is to be moved next; null if there is none, and then moving is over. */
    private synchronized @Nullable ParkedRecord next() {
        ParkedRecord next = ended ? null : parked.oldest();
        if (next == null) {
            moving = false;
            publish();
        }
        return next;
    }

    /** Whether the record is dealt with; if not, there is no memory for it. */
    private boolean move(ParkedRecord record) {
        int count = count(); // before the queues are read: there are never fewer of them
        PartitionQueue[] all = Arrays.copyOf(queues, count);
        PartitionQueue queue;
        try {
            queue = chooser.choose(all, record.future(), record.partition(), record.key(), record.value());
        } catch (Throwable wrong) { // a user's code: whatever it throws must not keep the records behind it here for ever
            if (take(record)) {
                gone(record, wrong);
            }
            return true;
        }
        if (!take(record)) {
            return true; // its time was up meanwhile
        }
        Appended appended;
        try {
            appended = appendTo(
                    queue, record.future(), record.key(), record.value(), record.headers(), record.size(), Priority.PARKED, record.sinceNanos());
        } catch (Throwable wrong) {
            gone(record, wrong);
            return true;
        }
        appended(appended, all, queue, record.partition(), record.key());
        switch (appended) {
            case QUIETLY, TELL_SENDER -> gone(record, null);
            case ENDED -> gone(record, RecordAccumulator.closed(name));
            case NO_MEMORY -> {
                return putBack(record);
            }
        }
        return true;
    }

    private synchronized int count() {
        return knownCount;
    }

    private synchronized boolean take(ParkedRecord record) {
        return !ended && parked.take(record);
    }

    /** Whether the record is dealt with, because there is nowhere to put it back. */
    private boolean putBack(ParkedRecord record) {
        synchronized (this) {
            if (!ended) {
                parked.putBack(record);
                return false;
            }
        }
        gone(record, RecordAccumulator.closed(name));
        return true;
    }

    /** A record that was taken is moved, or has failed. */
    private void gone(ParkedRecord record, @Nullable Throwable wrong) {
        Integer named = record.partition();
        int partition = named == null ? UNCHOSEN : named;
        Throwable failure = wrong == null ? null : told(wrong, partition);
        if (failure != null) { // before it is gone: whoever finds it gone must be able to know why
            owner.recordsFailed(new TopicPartition(name, partition), 1, failure);
        }
        List<Runnable> due;
        synchronized (this) {
            parked.moved();
            due = parked.takeDue();
        }
        settings.pool().releaseParked(record.size());
        if (failure != null) {
            settings.loop().callbacks().execute(() -> record.future().completeExceptionally(failure));
        }
        post(due);
    }

    /** What the sender of a record is told; in a transaction nobody need look at it for the commit to be refused. */
    private Throwable told(Throwable wrong, int partition) {
        boolean isTold = wrong instanceof ClientClosedException || wrong instanceof KafkaException known && (known.isFatal() || known.requiresAbort());
        return isTold || !settings.transactional() ? wrong : failure(String.valueOf(wrong.getMessage()), partition, wrong);
    }

    private SendException failure(String message, int partition, @Nullable Throwable cause) {
        return settings.transactional()
                ? SendException.inTransaction(message, name, partition, Persistence.NOT_PERSISTED, cause)
                : new SendException(message, name, partition, Persistence.NOT_PERSISTED, cause);
    }

    /**
     * Moving goes on when memory comes back. (1) Nobody moves any more, (2) the owner takes note, (3) the pool is looked at again. The other side: (1) memory
     * comes back, (2) the owner's note is looked at. So it is seen here or there, whenever it comes.
     */
    private void pauseForMemory(ParkedRecord record) {
        synchronized (this) {
            moving = false;
        }
        owner.needsMemory();
        if (settings.pool().hasRoomFor(settings.pool().sizeForRecord(record.size()), Priority.PARKED)) {
            unpark();
        }
    }

    private void post(List<Runnable> due) {
        due.forEach(action -> LoopTasks.post(settings.loop(), action));
    }

    /** Runs something on the loop once all that is parked now has left; false if nothing is. */
    synchronized boolean whenUnparked(Runnable action) {
        return parked.whenGone(action);
    }

    /** When the oldest parked record was sent, in nanoseconds of the loop's clock; null if none is parked. */
    synchronized @Nullable Long oldestParkedNanos() {
        ParkedRecord oldest = parked.oldest();
        return oldest == null ? null : oldest.sinceNanos();
    }

    /** Whether the partitions are known. On the loop. */
    boolean isKnown() {
        return count() > 0;
    }

    /**
     * Fails everything that is parked: the oldest is out of time, or can never be sent, and what is behind it must not overtake it. Any of them may be for the
     * same partition. On the loop.
     *
     * @param untilNanos those that were sent until then fail for themselves; of the loop's clock
     * @param within the limit, for the message
     * @param reason what was waited for
     */
    void failParked(long untilNanos, String within, String reason, @Nullable Throwable cause) {
        List<ParkedRecord> failed;
        List<Runnable> due;
        synchronized (this) {
            failed = parked.takeAll();
            due = parked.takeDue();
            publish();
        }
        if (failed.isEmpty()) {
            return;
        }
        settings.pool().releaseParked(failed.stream().mapToLong(ParkedRecord::size).sum());
        SendException own = failure("Could not send to topic '" + name + "'" + within + ": " + reason, UNCHOSEN, cause);
        SendException behind = failure("Not sent to topic '" + name + "', because records before it could not be sent and it must not "
                + "overtake them: " + reason, UNCHOSEN, cause);
        Map<Boolean, List<ParkedRecord>> byTime = failed.stream().collect(Collectors.partitioningBy(record -> record.sinceNanos() - untilNanos <= 0));
        fail(byTime.getOrDefault(true, List.of()), own);
        fail(byTime.getOrDefault(false, List.of()), behind);
        settings.pool().tellFreed();
        post(due);
    }

    private void fail(List<ParkedRecord> records, SendException reason) {
        if (!records.isEmpty()) {
            owner.recordsFailed(new TopicPartition(name, UNCHOSEN), records.size(), reason);
            settings.loop().callbacks().execute(() -> records.forEach(record -> record.future().completeExceptionally(reason)));
        }
    }

    /** Takes no more records, and fails what is parked. On the loop. */
    void end(Throwable cause, String why) {
        synchronized (this) {
            ended = true;
        }
        failParked(settings.loop().nanoTime(), "", why, cause);
        for (PartitionQueue queue : queues) {
            queue.end();
        }
    }

    /** Whether nothing was sent for a time, as far as is known when this is asked again and again. On the loop. */
    boolean isIdle(long nowNanos, long limitNanos) {
        if (touched) {
            touched = false;
            idleSinceNanos = nowNanos;
        }
        return nowNanos - idleSinceNanos >= limitNanos;
    }

    /**
     * Takes no more records if there is none, so that the topic can be forgotten. On the loop.
     *
     * <p>Who appends meanwhile finds its partition ended, comes back with {@link Outcome#FORGOTTEN}, and then waits for the lock.
     */
    synchronized boolean forget() {
        if (ended || moving || !parked.isEmpty()) {
            return false;
        }
        PartitionQueue[] before = partitions;
        partitions = null;
        PartitionQueue[] all = queues;
        for (int i = 0; i < all.length; i++) {
            if (!all[i].endIfIdle()) {
                for (int j = 0; j < i; j++) {
                    all[j].resume();
                }
                partitions = before;
                return false;
            }
        }
        forgotten = true;
        return true;
    }

    /** Every partition that was ever known. On the loop. */
    List<PartitionQueue> queues() {
        return Arrays.asList(queues);
    }
}
