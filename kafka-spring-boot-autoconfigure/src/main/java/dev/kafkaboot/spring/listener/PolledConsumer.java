package dev.kafkaboot.spring.listener;

import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** What a {@link ContainerRun} wants of its consumer; each method is that of {@link KafkaConsumer}. Safe from any thread. */
interface PolledConsumer {

    void subscribe(Collection<String> topics, ConsumerRebalanceListener listener);

    ConsumerRecords<byte[], byte[]> poll(Duration timeout);

    void seek(TopicPartition partition, long offset);

    void pause(TopicPartition partition);

    void resume(TopicPartition partition);

    CompletableFuture<Void> commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets);

    OptionalLong currentLag(TopicPartition partition);

    /** The offset of the next record to hand out; empty if it is not known at once, or the partition is not assigned. */
    OptionalLong position(TopicPartition partition);

    void close(Duration limit);

    /** The consumer itself, for listeners that ask for it. */
    KafkaConsumer<?, ?> itself();

    /** A real one. */
    static PolledConsumer of(KafkaConsumer<byte[], byte[]> consumer) {
        return new Real(consumer);
    }

    /** A real one. */
    record Real(KafkaConsumer<byte[], byte[]> itself) implements PolledConsumer {

        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
            itself.subscribe(topics, listener);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            return itself.poll(timeout);
        }

        @Override
        public void seek(TopicPartition partition, long offset) {
            itself.seek(partition, offset);
        }

        @Override
        public void pause(TopicPartition partition) {
            itself.pause(List.of(partition));
        }

        @Override
        public void resume(TopicPartition partition) {
            itself.resume(List.of(partition));
        }

        @Override
        public CompletableFuture<Void> commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets) {
            return itself.commitAsync(offsets);
        }

        @Override
        public OptionalLong currentLag(TopicPartition partition) {
            return itself.currentLag(partition);
        }

        @Override
        public OptionalLong position(TopicPartition partition) {
            try {
                return OptionalLong.of(itself.position(partition, Duration.ZERO));
            } catch (IllegalStateException | KafkaException notKnown) {
                return OptionalLong.empty();
            }
        }

        @Override
        public void close(Duration limit) {
            itself.close(limit);
        }
    }
}
