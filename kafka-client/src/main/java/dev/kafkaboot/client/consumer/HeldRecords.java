package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records that the application was given and has not said for good what became of, and what it has said and nobody has sent yet. Any thread.
 *
 * <p>A record belongs to the thread whose poll handed it out, as far as that thread's next poll or commit speaks of it; any thread may acknowledge it.
 */
final class HeldRecords {

    private static final Logger LOG = LoggerFactory.getLogger(HeldRecords.class);

    /** A record in the application's hands. */
    private static final class Held {

        final TopicIdPartition partition;
        final ShareSession session;
        final long acquisition;
        final Thread owner;

        /** Which delivery of the record this is, as the record tells it; empty if there is none. */
        final Optional<Short> deliveryCount;

        /** The record as it was handed out, or null if it was not. */
        final @Nullable ConsumerRecord<?, ?> record;

        /** The record as it was handed out before, by a delivery that is over; null if it was not. */
        @Nullable ConsumerRecord<?, ?> earlier;

        /** What was said of it and not sent, or null. */
        @Nullable Byte type;

        /** Whether the application keeps it: it was said that its lock is to begin anew, and no more since. */
        boolean renewed;

        /** Which sending renewed its lock last, or 0: what was renewed together goes on together. */
        long renewal;

        /** Whether no poll has handed it out, nor told that it cannot be read: what was said of it is not the application's affair. */
        final boolean unseen;

        Held(SharedFetch from, Optional<Short> deliveryCount, @Nullable ConsumerRecord<?, ?> record, @Nullable Byte type, boolean unseen) {
            this.partition = from.partition();
            this.session = from.session();
            this.acquisition = from.acquisition();
            this.owner = Thread.currentThread();
            this.deliveryCount = deliveryCount;
            this.record = record;
            this.type = type;
            this.unseen = unseen;
        }
    }

    /** What is acknowledged together: what was locked together, because a broker that refuses one record of an acknowledgement refuses all of it. */
    private record Together(ShareSession session, TopicIdPartition partition, long acquisition, long renewal) {}

    private record Taken(SortedMap<Long, Byte> types, SortedSet<Long> offsets) {}

    private final Map<TopicPartition, SortedMap<Long, Held>> records = new LinkedHashMap<>();
    private boolean closed;
    private boolean warned;
    private long sendings;

    /** The calling thread is given records; false if there is nobody to give them to any more. */
    synchronized boolean handOut(SharedFetch from, Collection<? extends ConsumerRecord<?, ?>> given) {
        SortedMap<Long, Held> held = of(from.partition().topicPartition());
        given.forEach(record -> put(held, record.offset(), new Held(from, record.deliveryCount(), record, null, /* unseen= */ false)));
        return !closed;
    }

    /** The calling thread was given records, and they do not reach the application: they are released. */
    synchronized void takeBack(SharedFetch from, Collection<? extends ConsumerRecord<?, ?>> given) {
        SortedMap<Long, Held> held = of(from.partition().topicPartition());
        given.forEach(record -> put(held, record.offset(), new Held(from, record.deliveryCount(), null, AcknowledgeType.RELEASE.id(), /* unseen= */ true)));
    }

    /** Records that cannot be read come into the calling thread's hands, and something is said of them already. */
    synchronized void tell(SharedFetch from, SortedMap<Long, Byte> types) {
        put(from, types, /* unseen= */ false);
    }

    /** Something is to be said of offsets that no poll hands out. */
    synchronized void settle(SharedFetch from, SortedMap<Long, Byte> types) {
        put(from, types, /* unseen= */ true);
    }

    private void put(SharedFetch from, SortedMap<Long, Byte> types, boolean unseen) {
        if (!types.isEmpty()) {
            SortedMap<Long, Held> held = of(from.partition().topicPartition());
            types.forEach((offset, type) -> put(held, offset, new Held(from, Optional.empty(), null, type, unseen)));
        }
    }

    /** Notes a record, unless a later delivery of it has come into somebody's hands while this one was read. */
    private static void put(SortedMap<Long, Held> held, long offset, Held record) {
        held.merge(offset, record, (before, now) -> {
            boolean isLater = before.session == now.session ? before.acquisition <= now.acquisition : now.session.end() == null;
            if (isLater) {
                now.earlier = before.record;
            }
            return isLater ? now : before;
        });
    }

    private SortedMap<Long, Held> of(TopicPartition partition) {
        return records.computeIfAbsent(partition, first -> new TreeMap<>());
    }

    /**
     * The application says what became of a record; it may say something else until that is sent.
     *
     * @param spokenOf the record as it was handed out; null for whichever delivery the application has
     * @throws IllegalStateException if the application does not have it, or has a later delivery of it
     */
    synchronized void acknowledge(TopicPartition partition, long offset, @Nullable ConsumerRecord<?, ?> spokenOf, AcknowledgeType type) {
        SortedMap<Long, Held> held = records.get(partition);
        Held record = held == null ? null : held.get(offset);
        if (record == null || record.unseen) {
            throw new IllegalStateException("The record of " + partition + " at offset " + offset
                    + " is not in this consumer's hands: no poll has handed it out, or it was acknowledged already, or its lock could not be renewed");
        }
        Optional<Short> deliveryCount = spokenOf == null ? Optional.empty() : spokenOf.deliveryCount();
        boolean isOtherCount = deliveryCount.isPresent() && record.deliveryCount.isPresent() && !deliveryCount.equals(record.deliveryCount);
        if (isOtherCount || spokenOf != null && spokenOf == record.earlier) { // a leader that comes does not know what its predecessor counted
            throw new IllegalStateException("The record of " + partition + " at offset " + offset + " is not in this consumer's hands any more as delivery "
                    + deliveryCount.map(String::valueOf).orElse("unknown") + ": its lock was lost, and it was delivered again, as delivery "
                    + record.deliveryCount.map(String::valueOf).orElse("unknown"));
        }
        record.type = type.id();
    }

    /**
     * What the calling thread was given is accepted. What threads were given that have ended is released: whether they have finished it is not known, and nobody
     * will say. A thread that lives may still be at work on what it was given.
     */
    synchronized void acceptOwn() {
        Thread caller = Thread.currentThread();
        records.values().forEach(held -> held.values().stream().filter(record -> record.type == null).forEach(record -> {
            if (record.owner == caller) {
                record.type = AcknowledgeType.ACCEPT.id();
            } else if (!record.owner.isAlive()) {
                record.type = AcknowledgeType.RELEASE.id();
                warnOnce(record.owner);
            }
        }));
    }

    private void warnOnce(Thread owner) {
        if (!warned) {
            warned = true;
            LOG.warn("Thread {} has ended after a poll, without another poll or a commit: what it was given is not accepted by those of other threads, and is"
                    + " released. Poll and commit in the thread that works on the records, or set {}=explicit", owner.getName(),
                    ShareConsumerConfig.ACKNOWLEDGEMENT_MODE.name());
        }
    }

    /**
     * Refuses if nothing was said of a record that the calling thread was given.
     *
     * @throws IllegalStateException if there is one
     */
    synchronized void requireOwnAcknowledged() {
        Thread caller = Thread.currentThread();
        records.forEach((partition, held) -> {
            List<Long> left = held.entrySet().stream()
                    .filter(entry -> entry.getValue().owner == caller && entry.getValue().type == null && !entry.getValue().renewed)
                    .map(Map.Entry::getKey).toList();
            if (!left.isEmpty()) {
                throw new IllegalStateException(left.size() + " records of " + partition + " that the last poll handed out are not acknowledged, the first at offset "
                        + left.get(0) + ": with share.acknowledgement.mode=explicit each is to be acknowledged before the same thread polls again");
            }
        });
    }

    /** Takes what was said, to be sent. */
    synchronized List<Acknowledgement> takeAcknowledged() {
        return take(record -> record.type != null);
    }

    /** Takes what is to be said of what no poll has handed out. */
    synchronized List<Acknowledgement> takeUnseen() {
        return take(record -> record.unseen);
    }

    /** Takes everything: what nothing was said of is released. */
    synchronized List<Acknowledgement> takeAll() {
        records.values().forEach(held -> held.values().stream().filter(record -> record.type == null || record.type == AcknowledgeType.RENEW.id())
                .forEach(record -> record.type = AcknowledgeType.RELEASE.id()));
        return take(record -> true);
    }

    /** From now on nothing is handed out. */
    synchronized void close() {
        closed = true;
    }

    private List<Acknowledgement> take(Predicate<Held> which) {
        Map<Together, Taken> taken = new LinkedHashMap<>();
        long sending = ++sendings;
        records.values().forEach(held -> {
            for (Iterator<Map.Entry<Long, Held>> each = held.entrySet().iterator(); each.hasNext(); ) {
                Map.Entry<Long, Held> entry = each.next();
                Held record = entry.getValue();
                Byte type = record.type;
                if (type == null || !which.test(record)) {
                    continue;
                }
                Taken together = taken.computeIfAbsent(
                        new Together(record.session, record.partition, record.acquisition, record.renewal), first -> new Taken(new TreeMap<>(), new TreeSet<>()));
                together.types().put(entry.getKey(), type);
                if (!record.unseen) {
                    together.offsets().add(entry.getKey());
                }
                if (type == AcknowledgeType.RENEW.id()) {
                    record.type = null;
                    record.renewed = true;
                    record.renewal = sending;
                } else {
                    each.remove();
                }
            }
        });
        records.values().removeIf(held -> held.isEmpty());
        List<Acknowledgement> acknowledgements = new ArrayList<>();
        taken.forEach((together, all) -> acknowledgements.add(
                new Acknowledgement(together.session(), together.acquisition(), together.partition(), all.types(), all.offsets())));
        return acknowledgements;
    }

    /** A renewal came to nothing: what it was about is not this consumer's any more. */
    synchronized void notRenewed(Acknowledgement renewal) {
        SortedMap<Long, Held> held = records.get(renewal.partition().topicPartition());
        if (held != null) {
            renewal.types().forEach((offset, type) -> {
                Held record = held.get(offset);
                if (type == AcknowledgeType.RENEW.id() && record != null && record.renewed && record.type == null
                        && record.session == renewal.session() && record.acquisition == renewal.acquisition()) { // what was delivered anew meanwhile is not renewed
                    held.remove(offset);
                }
            });
        }
    }
}
