package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes acquired records for polls. Any thread.
 *
 * <p>What one answer brought of one partition belongs to one thread while it is decoded; decoding runs the user's code, and no lock is held over it. What cannot be
 * read is told by the poll that comes upon it, if that has found nothing else, or else by the next one; from then on it is in the application's hands like a record,
 * and released unless the application says something else. A poll that fails otherwise in the middle returns none of what it has found, so that is released.
 */
final class ShareCollector<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(ShareCollector.class);

    /** What the poll that is under way was given, and is not to count as given if it fails. */
    private record HandedOut(SharedFetch from, List<? extends ConsumerRecord<?, ?>> records) {}

    private final ShareConsumerCore core;
    private final ShareBuffer buffer;
    private final HeldRecords held;
    private final RecordDecoding<K, V> decoding;
    private final ConsumerListener listener;
    private final LongSupplier clock;

    /** Whether a poll stops in the middle of what was acquired together. */
    private final boolean strict;

    ShareCollector(
            ShareConsumerCore core, ShareBuffer buffer, HeldRecords held, RecordDecoding<K, V> decoding, ConsumerListener listener, LongSupplier clock,
            boolean strict) {
        this.core = core;
        this.buffer = buffer;
        this.held = held;
        this.decoding = decoding;
        this.listener = listener;
        this.clock = clock;
        this.strict = strict;
    }

    /** Records for the calling thread; throws what there is to tell first. */
    ConsumerRecords<K, V> collect(int max, Set<String> topics) {
        core.failure().throwIfNew();
        ShareBuffer.Trouble trouble = buffer.takeTrouble();
        if (trouble != null) {
            tell(trouble);
        }
        ConsumerRecords.Collector<K, V> collected = new ConsumerRecords.Collector<>(null);
        List<HandedOut> handedOut = new ArrayList<>();
        try {
            while (collected.count() < max) {
                SharedFetch fetch = buffer.take();
                if (fetch == null) {
                    break;
                }
                if (fetch.session().isClosing()) {
                    fetch.close(); // it is not this member's any more, or will not be before it has come to anything
                } else if (fetch.lockedUntilNanos() - clock.getAsLong() <= 0) {
                    LOG.debug("Records of {} are not handed out, because their locks have timed out since they came; they will be delivered again", fetch.partition());
                    fetch.close();
                } else if (!topics.contains(fetch.partition().topic())) {
                    held.settle(fetch, fetch.drop());
                } else {
                    collectFrom(fetch, strict ? max - collected.count() : Integer.MAX_VALUE, collected, handedOut);
                }
            }
            return collected.finish();
        } catch (Throwable thrown) { // what the user's code throws undeclared, too
            handedOut.forEach(each -> held.takeBack(each.from(), each.records()));
            throw thrown;
        }
    }

    private void tell(ShareBuffer.Trouble trouble) {
        SharedFetch from = trouble.from();
        if (from != null) {
            held.tell(from, trouble.offsets());
        }
        throw KafkaException.forCaller(trouble.failure());
    }

    private void collectFrom(SharedFetch fetch, int max, ConsumerRecords.Collector<K, V> collected, List<HandedOut> handedOut) {
        SharePortion<K, V> portion;
        try {
            portion = fetch.read(max, decoding);
        } finally {
            if (fetch.isExhausted()) {
                fetch.close();
            } else {
                buffer.putBack(fetch);
            }
        }
        if (fetch.session().isClosing()) {
            return; // while it was read
        }
        held.settle(fetch, portion.gaps());
        if (!portion.records().isEmpty()) {
            if (!held.handOut(fetch, portion.records())) {
                return; // closed: the end of the session releases them
            }
            handedOut.add(new HandedOut(fetch, portion.records()));
            long bytes = 0;
            for (ConsumerRecord<K, V> record : portion.records()) {
                bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
            }
            listener.handedOut(fetch.partition().topicPartition(), portion.records().size(), bytes, -1);
            collected.add(fetch.partition().topicPartition(), portion.records());
        }
        KafkaException failure = portion.failure();
        if (failure != null) {
            ShareBuffer.Trouble trouble = new ShareBuffer.Trouble(failure, fetch, portion.unread());
            if (collected.count() == 0) {
                tell(trouble);
            }
            buffer.tell(failure, fetch, portion.unread());
        }
    }
}
