package dev.kafkaboot.client.producer;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The interceptors of a producer, in turn; what one of them throws costs neither the record nor the next one. Any thread. */
final class Interceptors<K, V> {

    private static final Logger log = LoggerFactory.getLogger(Interceptors.class);

    private final List<ProducerInterceptor<K, V>> all;

    Interceptors(List<ProducerInterceptor<K, V>> all) {
        this.all = List.copyOf(all);
    }

    /** What is sent. */
    ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
        ProducerRecord<K, V> current = record;
        for (ProducerInterceptor<K, V> each : all) {
            try {
                current = Objects.requireNonNull(each.onSend(current), "onSend answered null");
            } catch (Throwable thrown) { // a user's code: whatever it throws, sending does not throw
                failed(each, "changes a record of topic '" + record.topic() + "'", thrown);
            }
        }
        return current;
    }

    /** Tells what becomes of a record once that is known. */
    void tellOutcome(ProducerRecord<K, V> record, CompletableFuture<RecordMetadata> sent) {
        sent.whenComplete((metadata, failure) -> onAcknowledgement(record, metadata, failure));
    }

    private void onAcknowledgement(ProducerRecord<K, V> record, @Nullable RecordMetadata metadata, @Nullable Throwable failure) {
        for (ProducerInterceptor<K, V> each : all) {
            try {
                each.onAcknowledgement(record, metadata, failure);
            } catch (Throwable thrown) {
                failed(each, "hears what became of a record of topic '" + record.topic() + "'", thrown);
            }
        }
    }

    private static void failed(Object interceptor, String when, Throwable thrown) {
        log.error("{} failed when it {}; the record goes on without it", interceptor, when, thrown);
    }

    void close() {
        CloseSteps steps = new CloseSteps();
        all.forEach(each -> steps.take(each::close));
        steps.finish();
    }
}
