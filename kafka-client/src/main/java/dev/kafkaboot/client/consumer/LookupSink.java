package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.TopicPartition;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears what a lookup finds, partition by partition, as soon as it is found: none waits for another. It is called once for each. On the loop.
 *
 * @param <T> what is looked up
 */
interface LookupSink<T> {

    /**
     * It is known.
     *
     * @param found what was found, or null if there is nothing
     */
    void found(TopicPartition partition, @Nullable T found);

    /** It could not be found out. */
    void failed(TopicPartition partition, Throwable reason);

    /** All that a lookup finds; fails if it fails for one partition. A partition for which there is nothing is not in it. */
    static <T> CompletableFuture<Map<TopicPartition, T>> gather(Collection<TopicPartition> partitions, Consumer<LookupSink<T>> lookup) {
        CompletableFuture<Map<TopicPartition, T>> all = new CompletableFuture<>();
        Set<TopicPartition> open = new LinkedHashSet<>(partitions);
        Map<TopicPartition, T> results = new LinkedHashMap<>();
        if (open.isEmpty()) {
            all.complete(results);
            return all;
        }
        lookup.accept(new LookupSink<>() {
            @Override
            public void found(TopicPartition partition, @Nullable T found) {
                if (found != null) {
                    results.put(partition, found);
                }
                if (open.remove(partition) && open.isEmpty()) {
                    all.complete(results);
                }
            }

            @Override
            public void failed(TopicPartition partition, Throwable reason) {
                all.completeExceptionally(reason);
            }
        });
        return all;
    }
}
