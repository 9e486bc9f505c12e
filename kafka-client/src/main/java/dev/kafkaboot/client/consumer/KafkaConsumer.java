package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.OffsetAndTimestamp;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.cluster.ClientConnections;
import dev.kafkaboot.client.serialization.Serializer;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Reads records. Safe for any number of threads.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
@SuppressWarnings("DoNotCallSuggester")
public final class KafkaConsumer<K, V> implements AutoCloseable, Iterable<ConsumerRecord<K, V>> {

    KafkaConsumer(
            ClientConfig config, ClientConnections connections, Serializer<K> keyDeserializer, Serializer<V> valueDeserializer,
            ConsumerListener listener) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public static <K, V> ConsumerBuilder<K, V> builder(Serializer<K> keyDeserializer, Serializer<V> valueDeserializer) {
        return new ConsumerBuilder<>(keyDeserializer, valueDeserializer);
    }

    /** See the class. */
    public void subscribe(Collection<String> topics) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void assign(Collection<TopicPartition> partitions) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void unsubscribe() {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public Set<String> subscription() {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public Set<TopicPartition> assignment() {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public ConsumerRecords<K, V> poll(Duration timeout) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public ConsumerRecords<K, V> poll(Duration timeout, int maxRecords) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    @Override public Iterator<ConsumerRecord<K, V>> iterator() {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void seek(TopicPartition partition, long offset) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void seekToEnd(Collection<TopicPartition> partitions) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void pause(Collection<TopicPartition> partitions) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void resume(Collection<TopicPartition> partitions) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public Set<TopicPartition> paused() {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public long position(TopicPartition partition) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public long position(TopicPartition partition, Duration limit) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public CompletableFuture<Map<TopicPartition, OffsetAndMetadata>> committedAsync(Set<TopicPartition> partitions) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void commit() {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public CompletableFuture<Void> commitAsync() {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public CompletableFuture<Void> commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> timestamps) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public OptionalLong currentLag(TopicPartition partition) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public ConsumerGroupMetadata groupMetadata() {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public List<PartitionInfo> partitionsFor(String topic) {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public Map<String, List<PartitionInfo>> listTopics() {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    @Override public void close() {
        throw new UnsupportedOperationException("Being written");
    }

    /** See the class. */
    public void close(Duration limit) {
        throw new UnsupportedOperationException("Being written");
    }
}
