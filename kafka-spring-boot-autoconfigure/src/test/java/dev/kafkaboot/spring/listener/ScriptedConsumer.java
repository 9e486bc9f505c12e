package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.ClientClosedException;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A consumer that does what a test says, and behaves like the real one: a failure is thrown by every poll for as long as its reason lasts, and one of a
 * partition only if nothing else is to be had and the partition is not paused.
 */
final class ScriptedConsumer implements PolledConsumer {

    private static final long POLL_MILLIS = 20;

    /** What happens before a partition is paused. */
    volatile Runnable onPause = () -> {};

    /** What happens between a poll's taking records, or finding one that cannot be read, and its returning them or telling that. */
    volatile Runnable onTaken = () -> {};

    /** What happens when it is closed, before it is. */
    volatile Runnable onClose = () -> {};

    final List<Duration> timeouts = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    final Map<TopicPartition, OffsetAndMetadata> committed = new LinkedHashMap<>();
    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> ready = new LinkedHashMap<>();
    private final Map<TopicPartition, RuntimeException> broken = new LinkedHashMap<>();
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    private final Set<TopicPartition> paused = new LinkedHashSet<>();
    private RuntimeException failure;
    private Error defect;
    private RuntimeException refusal;
    private int pollsUntilRefused;
    private RuntimeException commitFailure;
    private RuntimeException subscribeFailure;
    private ConsumerRebalanceListener listener;
    private boolean closed;

    static TopicPartition partition(int number) {
        return new TopicPartition("orders", number);
    }

    /** The group gives it partitions; on the calling thread. */
    void assign(int... numbers) {
        told().onPartitionsAssigned(partitions(numbers));
    }

    /** The group takes partitions back; on the calling thread. */
    void revoke(int... numbers) {
        told().onPartitionsRevoked(partitions(numbers));
    }

    /** The group has given partitions to others; on the calling thread. */
    void lose(int... numbers) {
        synchronized (this) {
            positions.keySet().removeAll(partitions(numbers));
        }
        told().onPartitionsLost(partitions(numbers));
    }

    private synchronized ConsumerRebalanceListener told() {
        return listener;
    }

    private static List<TopicPartition> partitions(int... numbers) {
        return Arrays.stream(numbers).mapToObj(ScriptedConsumer::partition).toList();
    }

    /** The next poll returns these. */
    void fetched(int number, long... offsets) {
        fetchedLarge(number, 0, offsets);
    }

    /** The next poll returns these, with values of so many bytes at least. */
    synchronized void fetchedLarge(int number, int bytes, long... offsets) {
        List<ConsumerRecord<byte[], byte[]>> records = ready.computeIfAbsent(partition(number), each -> new ArrayList<>());
        for (long offset : offsets) {
            byte[] text = (number + "@" + offset).getBytes(StandardCharsets.UTF_8);
            byte[] value = Arrays.copyOf(text, Math.max(text.length, bytes));
            records.add(new ConsumerRecord<>("orders", number, offset, 0, TimestampType.CREATE_TIME, null, value, Headers.none(), Optional.empty(), -1,
                    value.length));
        }
        notifyAll();
    }

    /** A partition's position becomes another one, as when its log was truncated; null: it has to be found. */
    synchronized void moves(int number, Long position) {
        if (position == null) {
            positions.remove(partition(number));
        } else {
            positions.put(partition(number), position);
        }
    }

    /** From now on a partition cannot be read; null: it can. */
    synchronized void breaks(int number, RuntimeException reason) {
        if (reason == null) {
            broken.remove(partition(number));
        } else {
            broken.put(partition(number), reason);
        }
        notifyAll();
    }

    /** From now on every poll fails; null: polls succeed. */
    synchronized void fails(RuntimeException reason) {
        failure = reason;
        notifyAll();
    }

    /** The next poll fails as none should. */
    synchronized void fails(Error reason) {
        defect = reason;
        notifyAll();
    }

    /** The group refuses it: it has no partitions, and every poll says so. When it subscribes again, it tries again, which takes a few polls. */
    void isRefused(RuntimeException reason) {
        synchronized (this) {
            refusal = reason;
            failure = reason;
        }
        lose(0);
    }

    /** The group does not refuse it any more; it becomes a member when it has subscribed again. */
    synchronized void isWelcome() {
        refusal = null;
    }

    /** Whether the next poll tells no failure of the whole. */
    synchronized boolean goesOn() {
        return failure == null;
    }

    /** From now on every commit fails; null: commits succeed. */
    synchronized void failsToCommit(RuntimeException reason) {
        commitFailure = reason;
    }

    /** From now on it cannot subscribe. */
    synchronized void failsToSubscribe(RuntimeException reason) {
        subscribeFailure = reason;
    }

    @Override
    public synchronized void subscribe(Collection<String> topics, ConsumerRebalanceListener rebalanceListener) {
        if (closed) {
            throw new ClientClosedException("The consumer is closed");
        }
        if (subscribeFailure != null) {
            throw subscribeFailure;
        }
        calls.add("subscribe");
        listener = rebalanceListener;
        failure = null;
        pollsUntilRefused = 5;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = await(timeout);
        } catch (RecordDeserializationException unreadable) {
            onTaken.run();
            throw unreadable;
        }
        if (!records.isEmpty()) {
            onTaken.run();
        }
        return records;
    }

    private synchronized ConsumerRecords<byte[], byte[]> await(Duration timeout) {
        timeouts.add(timeout);
        if (refusal != null && pollsUntilRefused-- == 0) {
            failure = refusal;
        }
        for (int waits = 0; ; waits++) {
            if (closed) {
                throw new ClientClosedException("The consumer is closed");
            }
            if (failure != null) {
                throw failure;
            }
            Error thrown = defect;
            if (thrown != null) {
                defect = null;
                throw thrown;
            }
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> taken = take();
            if (!taken.isEmpty()) {
                return new ConsumerRecords<>(taken);
            }
            for (Map.Entry<TopicPartition, RuntimeException> each : broken.entrySet()) {
                if (!paused.contains(each.getKey())) {
                    throw each.getValue();
                }
            }
            if (waits > 0 || timeout.isZero()) {
                return ConsumerRecords.empty();
            }
            try {
                wait(Math.min(POLL_MILLIS, timeout.toMillis()));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> take() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> taken = new LinkedHashMap<>();
        for (Iterator<Map.Entry<TopicPartition, List<ConsumerRecord<byte[], byte[]>>>> all = ready.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> next = all.next();
            if (!paused.contains(next.getKey()) && !broken.containsKey(next.getKey())) {
                taken.put(next.getKey(), next.getValue());
                positions.put(next.getKey(), next.getValue().get(next.getValue().size() - 1).offset() + 1);
                all.remove();
            }
        }
        return taken;
    }

    @Override
    public synchronized void seek(TopicPartition partition, long offset) {
        calls.add("seek " + partition + " " + offset);
        broken.remove(partition);
    }

    @Override
    public void pause(TopicPartition partition) {
        onPause.run();
        synchronized (this) {
            calls.add("pause " + partition);
            paused.add(partition);
        }
    }

    @Override
    public synchronized void resume(TopicPartition partition) {
        calls.add("resume " + partition);
        paused.remove(partition);
        notifyAll();
    }

    @Override
    public synchronized CompletableFuture<Void> commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (commitFailure != null) {
            return CompletableFuture.failedFuture(commitFailure);
        }
        calls.add("commit");
        committed.putAll(offsets);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        return OptionalLong.empty();
    }

    @Override
    public synchronized OptionalLong position(TopicPartition partition) {
        Long position = positions.get(partition);
        return position == null ? OptionalLong.empty() : OptionalLong.of(position);
    }

    /** With which time-outs it was polled. */
    synchronized List<Duration> timeouts() {
        return List.copyOf(timeouts);
    }

    @Override
    public void close(Duration limit) {
        onClose.run();
        synchronized (this) {
            calls.add("close");
            closed = true;
            notifyAll();
        }
    }

    @Override
    public KafkaConsumer<?, ?> itself() {
        return null;
    }

    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    synchronized long committed(int number) {
        OffsetAndMetadata offset = committed.get(partition(number));
        return offset == null ? -1 : offset.offset();
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
