package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.AcknowledgeType;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.record.TimestampType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a record of a share group on which the listener fails. */
class ShareRecordRunnerTests implements ShareWork.Consumer {

    private final ContainerProperties properties = new ContainerProperties("orders");
    private final ShareWork work = new ShareWork("billing", properties, this);
    private final List<String> said = new ArrayList<>();
    private final List<String> later = new ArrayList<>();
    private boolean lost;

    @Override
    public void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        if (lost) {
            throw new IllegalStateException("not in this consumer's hands");
        }
        said.add(record.offset() + " " + type);
    }

    @Override
    public void send() {}

    private ShareDelivery delivery() {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "orders", 0, 0, -1, TimestampType.NO_TIMESTAMP, null, new byte[0], Headers.none(), Optional.empty(), -1, 0);
        return work.add(new ConsumerRecords<>(Map.of(new TopicPartition("orders", 0), List.of(record)))).get(0);
    }

    private ShareRecordRunner runner(MessageListener<String, String> listener, RecordErrorHandler errorHandler) {
        return new ShareRecordRunner(handling(listener, errorHandler), null, work, new Observers(null, List.of()),
                (delivery, delay) -> later.add(delivery + " in " + delay.toMillis() + " ms"));
    }

    private RecordHandling handling(MessageListener<String, String> listener, RecordErrorHandler errorHandler) {
        return new RecordHandling("billing", "group", listener, Serializers.string(), Serializers.string(), properties, errorHandler);
    }

    private static void fail(ConsumerRecord<String, String> record) {
        throw new IllegalStateException("not " + record.offset());
    }

    @Test
    void nothingIsDecidedOfARecordWhoseLockWasLostMeanwhile() throws Exception {
        List<FailedRecord> decided = new ArrayList<>();
        ShareDelivery delivery = delivery();

        runner(record -> {
            lost = true;
            work.renew(Duration.ZERO);
            fail(record);
        }, failed -> {
            decided.add(failed);
            return ErrorDecision.skip();
        }).run(delivery);

        assertThat(decided).isEmpty();
        assertThat(delivery.isAcknowledged()).isFalse();
        assertThat(work.awaitFinished(Duration.ZERO)).isTrue();
    }

    @Test
    void recordIsTriedAgainIfTheErrorHandlerSaysNothing() {
        ShareDelivery delivery = delivery();

        runner(ShareRecordRunnerTests::fail, failed -> null).run(delivery);

        assertThat(later).containsExactly("orders-0@0 in 1000 ms");
        assertThat(said).isEmpty();
    }

    @Test
    void recordIsTriedAgainThoughNobodyCouldPutItInLine() {
        ShareDelivery delivery = delivery();
        ShareRecordRunner runner = new ShareRecordRunner(
                handling(ShareRecordRunnerTests::fail, failed -> ErrorDecision.retryAfter(Duration.ZERO)), null, work, new Observers(null, List.of()),
                (record, delay) -> {
                    throw new InternalError("for now");
                });

        assertThatThrownBy(() -> runner.run(delivery)).isInstanceOf(InternalError.class);

        assertThat(delivery.hasMore()).isTrue();
        assertThat(work.begin(delivery)).isTrue();
        assertThat(delivery.hasMore()).as("it broke off in the middle").isTrue();
        assertThat(work.begin(delivery)).isTrue();
        work.returned(delivery);
        assertThat(delivery.hasMore()).isFalse();
    }
}
