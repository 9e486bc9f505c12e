package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The interceptors of a consumer, in turn; what one of them throws costs neither the records nor the next one. Any thread. */
final class ConsumerInterceptors<K, V> {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerInterceptors.class);

    private final List<ConsumerInterceptor<K, V>> all;

    ConsumerInterceptors(List<ConsumerInterceptor<K, V>> all) {
        this.all = List.copyOf(all);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** What a poll returns. */
    ConsumerRecords<K, V> onConsume(ConsumerRecords<K, V> records) {
        ConsumerRecords<K, V> current = records;
        for (ConsumerInterceptor<K, V> each : all) {
            try {
                current = Objects.requireNonNull(each.onConsume(current), "onConsume answered null").of(records);
            } catch (Throwable thrown) { // a user's code: whatever it throws, what was fetched is handed out
                failed(each, "sees records; they go on without it", thrown);
            }
        }
        return current;
    }

    /** Tells what was committed. */
    void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        tellEach("hears of a commit", each -> each.onCommit(offsets));
    }

    /** Closes them all. */
    void close() {
        tellEach("is closed", ConsumerInterceptor::close);
    }

    private void tellEach(String when, Consumer<ConsumerInterceptor<K, V>> call) {
        for (ConsumerInterceptor<K, V> each : all) {
            try {
                call.accept(each);
            } catch (Throwable thrown) {
                failed(each, when, thrown);
            }
        }
    }

    private static void failed(Object interceptor, String when, Throwable thrown) {
        LOG.error("{} failed when it {}", interceptor, when, thrown);
    }
}
