package dev.kafkaboot.client.producer;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.interleaving.StillLoop;
import dev.kafkaboot.client.producer.ChunkPool.Priority;
import dev.kafkaboot.client.producer.PartitionQueue.Appended;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.CompressionType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Threads that append, and the loop, which takes batches, fails them, or ends it all. */
class PartitionQueueInterleavings {

    private static final int CHUNK = 4_096;
    private static final int SIZE = 1_500;
    private static final int ALL = Integer.MAX_VALUE;

    /** Makes nothing smaller: what counts is who does it, and when. */
    private static final Codec USELESS = new Codec() {
        @Override
        public CompressionType type() {
            return CompressionType.LZ4;
        }

        @Override
        public int maxCompressedSize(int size) {
            return size;
        }

        @Override
        public void compress(ByteBuffer input, ByteBuffer output) {
            output.put(input);
        }
    };

    private final StillLoop loop = new StillLoop();
    private final ChunkPool pool = new ChunkPool(16 * CHUNK, CHUNK, () -> {}, ByteBuffer::allocate);
    private PartitionQueue queue = queue(USELESS);

    private PartitionQueue queue(Codec codec) {
        return new PartitionQueue(
                new TopicPartition("t", 0), PlainSettings.of(loop, pool, codec, CHUNK, 2 * CHUNK, /* lingerNanos= */ 0, null, /* idempotent= */ false));
    }

    /** A thread that sends, with what became of it. */
    private final class Sender {

        private final List<SendFuture> accepted = new ArrayList<>();

        /** Whether the loop has to look. */
        private boolean tells;

        void send(int count) {
            for (int i = 0; i < count; i++) {
                SendFuture future = new SendFuture(0, -1, SIZE);
                Appended appended = queue.append(future, null, new byte[SIZE], HeaderList.EMPTY, SIZE + 41, Priority.NEWCOMER, PartitionQueue.NOW);
                check(appended != Appended.NO_MEMORY, "there is memory for all");
                if (appended != Appended.ENDED) {
                    accepted.add(future);
                }
                tells |= appended == Appended.TELL_SENDER;
            }
        }
    }

    /** Sends the next batch, if there is one: its records get offsets from {@code base} on. Answers the offset behind it. */
    private long takeNext(long base) {
        ProducerBatch batch = queue.takeNext(ALL, Destination.NONE);
        return batch == null ? base : acknowledge(batch, base);
    }

    private long acknowledge(ProducerBatch batch, long base) {
        batch.send(0);
        check(queue.takeNext(ALL, Destination.NONE) == null, "one batch is in flight at a time");
        queue.written(batch);
        batch.returned(null, true);
        int count = batch.count();
        batch.acknowledge(base, -1, Runnable::run);
        batch.free();
        return base + count;
    }

    private long takeRest(long base) {
        long next = base;
        while (queue.hasNext(Destination.NONE)) {
            next = takeNext(next);
        }
        return next;
    }

    private static void checkAcknowledgedInOrder(Sender sender) {
        long last = -1;
        for (SendFuture future : sender.accepted) {
            check(future.isDone(), "every record has its outcome");
            long offset = future.join().offset();
            check(offset > last, "what a thread sends stays in order");
            last = offset;
        }
    }

    private static void sendAndTake(Codec codec) throws InterruptedException {
        PartitionQueueInterleavings scenario = new PartitionQueueInterleavings();
        scenario.queue = scenario.queue(codec);
        Sender one = scenario.new Sender();
        Sender other = scenario.new Sender();
        long[] sent = new long[1];

        together(() -> one.send(2), () -> other.send(2), () -> {
            sent[0] = scenario.takeNext(0);
            sent[0] = scenario.takeNext(sent[0]);
        });
        sent[0] = scenario.takeRest(sent[0]);

        check(sent[0] == 4, "four records were sent: " + sent[0]);
        checkAcknowledgedInOrder(one);
        checkAcknowledgedInOrder(other);
        check(scenario.pool.used() == 0, "all memory is back");
    }

    @Test
    void everyRecordIsSentOnceAndInItsThreadsOrder() {
        explore(() -> sendAndTake(Codec.NONE));
    }

    @Test
    void everyRecordIsSentOnceAndInItsThreadsOrderWhoeverCompresses() {
        explore(() -> sendAndTake(USELESS));
    }

    @Test
    void recordIsFailedWithTheOthersOrRefusedWhenTheQueueEnds() {
        explore(() -> {
            PartitionQueueInterleavings scenario = new PartitionQueueInterleavings();
            Sender one = scenario.new Sender();
            Sender other = scenario.new Sender();

            together(() -> one.send(2), () -> other.send(1), () -> {
                scenario.queue.end();
                scenario.failWaiting();
            });
            scenario.freeFailed();

            check(areDone(one) && areDone(other), "every accepted record has its outcome");
            check(scenario.queue.unfinished().isEmpty(), "nothing is left");
            check(scenario.pool.used() == 0, "all memory is back");
        });
    }

    private void failWaiting() {
        PartitionQueue.Waiting waiting = queue.takeWaiting();
        IllegalStateException over = new IllegalStateException("ended by a test");
        for (ProducerBatch batch : waiting.batches()) {
            batch.fail(over, Runnable::run);
            if (waiting.ready().contains(batch)) {
                batch.free();
            }
        }
    }

    /** What was being compressed meanwhile. */
    private void freeFailed() {
        for (@Nullable ProducerBatch batch = queue.pollFailed(); batch != null; batch = queue.pollFailed()) {
            batch.free();
        }
    }

    private static boolean areDone(Sender sender) {
        return sender.accepted.stream().allMatch(SendFuture::isDone);
    }

    @Test
    void senderIsToldOfWhatItHasNotSeen() {
        explore(() -> {
            PartitionQueueInterleavings scenario = new PartitionQueueInterleavings();
            Sender one = scenario.new Sender();
            boolean[] seen = new boolean[1];
            scenario.new Sender().send(1);
            scenario.takeRest(0); // so the loop knows the partition, and has not yet found that nothing is there any more

            together(() -> one.send(1), () -> seen[0] = scenario.queue.nextDueIn(0, /* hurry= */ true, Destination.NONE) == 0);

            check(seen[0] || one.tells, "the loop has seen the record, or is told");
        });
    }
}
