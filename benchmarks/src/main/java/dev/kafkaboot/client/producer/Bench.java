package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.EventLoop;
import dev.kafkaboot.record.compress.Codec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the producer's inside needs around it: a loop, memory, and leaders for all partitions. */
final class Bench implements AutoCloseable {

    static final String TOPIC = "t";

    private static final int BATCH = 16 * 1024;
    private static final int LARGEST_BATCH = 1024 * 1024;

    private static final long LINGER_NANOS = Duration.ofHours(1).toNanos();

    private final EventLoop loop = EventLoop.start("bench");
    private final ChunkPool pool = new ChunkPool(64L * 1024 * 1024, BATCH, () -> {});

    /** One broker leads every partition. */
    static final class AllLed implements Leaders {

        private static final Node LEADER = new Node(1, "b1", 9092, null);

        @Override
        public Node leader(TopicPartition partition) {
            return LEADER;
        }

        @Override
        public Candidates candidates(String topic, int count, @Nullable Candidates before) {
            return before == null ? Candidates.all(count) : before;
        }
    }

    RecordAccumulator.Settings settings() {
        return new RecordAccumulator.Settings(
                loop, pool, Batchings.all(new Batching(Codec.NONE, BATCH, LINGER_NANOS)), LARGEST_BATCH,
                new Partitioning(/* own= */ null, /* ignoresKeys= */ false, /* isAdaptive= */ true, /* rack= */ null), /* idempotent= */ false, /* maxInFlight= */ 5, /* transactional= */ false);
    }

    long nanoTime() {
        return loop.nanoTime();
    }

    PartitionQueue[] queues(int count, RecordAccumulator.Settings settings) {
        PartitionQueue[] queues = new PartitionQueue[count];
        for (int i = 0; i < count; i++) {
            queues[i] = new PartitionQueue(new TopicPartition(TOPIC, i), settings);
        }
        return queues;
    }

    @Override
    public void close() {
        loop.close();
    }
}
