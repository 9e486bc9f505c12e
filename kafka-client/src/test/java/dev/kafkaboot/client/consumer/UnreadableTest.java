package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.consumer.ScriptedConsumers.FIRST;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.SECOND;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.consumer;
import static dev.kafkaboot.client.consumer.ScriptedConsumers.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.CorruptBatchException;
import dev.kafkaboot.client.OversizedBatchException;
import dev.kafkaboot.client.RecordDeserializationException;
import dev.kafkaboot.client.UnreadableBatchException;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.record.BatchBuilder;
import dev.kafkaboot.record.ChunkSource;
import dev.kafkaboot.record.HeaderList;
import dev.kafkaboot.record.compress.Codec;
import dev.kafkaboot.record.compress.Compression;
import dev.kafkaboot.record.compress.CompressionType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of records and batches that cannot be read, and what becomes of the others. */
@Timeout(60)
class UnreadableTest {

    private static KafkaConsumer<String, String> consumerOf(ScriptedBrokers brokers, UnaryOperator<String> reader, int maxPollRecords) {
        Serializer<String> values = Serializers.of(
                text -> text.getBytes(StandardCharsets.UTF_8), bytes -> reader.apply(new String(bytes, StandardCharsets.UTF_8)));
        return KafkaConsumer.builder(Serializers.string(), values).bootstrapServers(brokers.bootstrapServers())
                .autoOffsetReset(OffsetResetPolicy.EARLIEST).maxPollRecords(maxPollRecords).build();
    }

    private static String failAtBad(String value) {
        if (value.equals("bad")) {
            throw new NoClassDefFoundError("a class of the deserializer");
        }
        return value;
    }

    @Test
    void anErrorOfADeserializerCostsNoRecord() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = consumerOf(brokers, UnreadableTest::failAtBad, 500)) {
            brokers.logs().append(0, "a", "b", "bad", "c");
            consumer.assign(List.of(FIRST));

            assertThat(read(consumer, 2)).containsExactly("a", "b");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                        .isInstanceOfSatisfying(RecordDeserializationException.class, told -> assertThat(told.offset()).isEqualTo(2))
                        .hasCauseInstanceOf(NoClassDefFoundError.class);
            }
            assertThat(consumer.position(FIRST)).isEqualTo(2);
            consumer.seek(FIRST, 3);
            assertThat(read(consumer, 1)).containsExactly("c");
        }
    }

    @Test
    void aCheckedExceptionThatADeserializerDoesNotDeclareCostsNoRecord() throws Exception {
        UnaryOperator<String> failing = value -> {
            if (value.equals("bad")) {
                throw UnreadableTest.<RuntimeException>undeclared(new IOException("not JSON"));
            }
            return value;
        };
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumerOf(brokers, failing, 500)) {
            brokers.logs().append(0, "a", "b", "bad", "c");
            consumer.assign(List.of(FIRST));

            assertThat(read(consumer, 2)).containsExactly("a", "b");
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                    .isInstanceOfSatisfying(RecordDeserializationException.class, told -> assertThat(told.offset()).isEqualTo(2))
                    .hasCauseInstanceOf(IOException.class);
            assertThat(consumer.position(FIRST)).isEqualTo(2);
        }
    }

    /** Throws it as if it were unchecked, as Kotlin, Groovy and Lombok do. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // that is the trick
    private static <X extends Throwable> X undeclared(Throwable checked) throws X {
        throw (X) checked;
    }

    @Test
    void aRecordThatCannotBeReadIsToldAgainAlthoughItIsNotTheFirstThingThatWasFetched() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = consumerOf(brokers, UnreadableTest::failAtBad, 500)) {
            byte[] marker = asMarker(batch(new byte[] {0, 0, 0, 1}, new byte[6]));
            byte[] records = batch(null, "bad".getBytes(StandardCharsets.UTF_8));
            ByteBuffer.wrap(records).putLong(0, 1).putInt(12, 1);
            byte[] both = ByteBuffer.allocate(marker.length + records.length).put(marker).put(records).array();
            brokers.logs().change(0, log -> log.append(both, 2));
            consumer.assign(List.of(FIRST));

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                        .isInstanceOfSatisfying(RecordDeserializationException.class, told -> assertThat(told.offset()).isEqualTo(1));
            }
            assertThat(consumer.position(FIRST)).isEqualTo(1);
        }
    }

    private static byte[] batch(byte @Nullable [] key, byte[] value) {
        BatchBuilder builder = new BatchBuilder(ChunkSource.UNPOOLED, 1024);
        builder.append(0, key, value, HeaderList.EMPTY);
        return builder.finish(BatchBuilder.NO_PRODUCER_ID, BatchBuilder.NO_PRODUCER_EPOCH, BatchBuilder.NO_SEQUENCE, /* transactional= */ false).toByteArray();
    }

    /** The batch as one that ends a transaction. */
    private static byte[] asMarker(byte[] batch) {
        int attributes = 21;
        batch[attributes + 1] |= 0x20;
        CRC32C crc = new CRC32C();
        crc.update(batch, attributes, batch.length - attributes);
        ByteBuffer.wrap(batch).putInt(17, (int) crc.getValue());
        return batch;
    }

    @Test
    void aRecordThatCannotBeReadIsToldAlthoughOthersComeAllTheTime() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = consumerOf(brokers, UnreadableTest::failAtBad, 7)) {
            brokers.logs().append(0, "bad");
            for (int i = 0; i < 50; i++) {
                brokers.logs().append(1, "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
            }
            consumer.assign(List.of(FIRST, SECOND));

            int read = 0;
            int toldMeanwhile = 0;
            while (read < 400) {
                try {
                    read += consumer.poll(Duration.ofSeconds(20)).count();
                } catch (RecordDeserializationException unreadable) {
                    assertThat(unreadable.topicPartition()).isEqualTo(FIRST);
                    toldMeanwhile += read > 100 ? 1 : 0;
                }
            }

            assertThat(toldMeanwhile).as("told while there was more to read").isPositive();
        }
    }

    @Test
    void aDamagedBatchIsToldAsLongAsItIsDamagedAndNothingIsSkipped() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a");
            brokers.logs().append(0, "b", "c");
            brokers.logs().change(0, log -> log.damage(1));
            consumer.assign(List.of(FIRST));

            assertThat(read(consumer, 1)).containsExactly("a");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).isInstanceOfSatisfying(CorruptBatchException.class, told -> {
                    assertThat(told.topicPartition()).isEqualTo(FIRST);
                    assertThat(told.offset()).isEqualTo(1);
                    assertThat(told.nextOffset()).hasValue(3);
                });
            }
            brokers.logs().change(0, log -> log.damage(1));

            List<String> values = new ArrayList<>();
            ScriptedConsumers.await(() -> {
                try {
                    consumer.poll(Duration.ofSeconds(20)).forEach(record -> values.add(record.value()));
                } catch (CorruptBatchException asBefore) {
                    assertThat(values).isEmpty();
                }
                return values.size() == 2;
            });
            assertThat(values).containsExactly("b", "c");
        }
    }

    @Test
    void aBatchWhoseHeaderLiesAboutItsOffsetsIsNotSkipped() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1); KafkaConsumer<String, String> consumer = consumer(brokers).build()) {
            brokers.logs().append(0, "a", "b");
            // The last offset delta, 1, becomes 0.
            brokers.logs().change(0, log -> log.damage(0, 26));
            consumer.assign(List.of(FIRST));
            consumer.seek(FIRST, 1);

            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20))).isInstanceOf(CorruptBatchException.class).hasMessageContaining("checksum");
            assertThat(consumer.position(FIRST)).isEqualTo(1);
        }
    }

    @Test
    @Timeout(600) // it does expand 64 MiB
    void aBatchThatExpandsBeyondAllBoundsIsToldAsSuch() throws Exception {
        BatchBuilder bomb = new BatchBuilder(ChunkSource.UNPOOLED, 1024 * 1024);
        byte[] zeros = new byte[1024 * 1024];
        for (int i = 0; i < 65; i++) {
            bomb.append(0, null, zeros, HeaderList.EMPTY);
        }
        try (Codec gzip = Compression.of(CompressionType.GZIP).newCodec()) {
            bomb.close(gzip);
        }
        byte[] batch = bomb.finish(BatchBuilder.NO_PRODUCER_ID, BatchBuilder.NO_PRODUCER_EPOCH, BatchBuilder.NO_SEQUENCE, false).toByteArray();
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = consumerOf(brokers, value -> "read", 500)) {
            brokers.logs().change(0, log -> log.append(batch, 65));
            consumer.assign(List.of(FIRST));

            int read = 0;
            UnreadableBatchException told = null;
            while (told == null) {
                try {
                    read += consumer.poll(Duration.ofSeconds(20)).count();
                } catch (UnreadableBatchException unreadable) {
                    told = unreadable;
                }
            }
            assertThat(told).isInstanceOf(OversizedBatchException.class).hasMessageContaining("orders-0 at offset " + read);
            assertThat(told.offset()).isEqualTo(read);
        }
    }

    @Test
    void aDeserializerThatWaitsHoldsNothingUpButItsOwnThread() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        UnaryOperator<String> waiting = value -> {
            if (value.equals("slow")) {
                reading.countDown();
                awaitQuietly(held);
            }
            return value;
        };
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2); KafkaConsumer<String, String> consumer = consumerOf(brokers, waiting, 500)) {
            brokers.logs().append(0, "slow");
            brokers.logs().append(1, "a");
            consumer.assign(List.of(FIRST));
            CompletableFuture<Integer> slow = inThread(() -> consumer.poll(Duration.ofSeconds(1)).count());
            assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<List<String>> others = inThread(() -> {
                consumer.assign(List.of(SECOND));
                return read(consumer, 1);
            });

            assertThat(others.get(20, TimeUnit.SECONDS)).containsExactly("a");
            held.countDown();
            assertThat(slow.get(30, TimeUnit.SECONDS)).as("taken away while it was read").isZero();
        }
    }

    @Test
    void aThreadThatWaitsGetsWhatAnotherLeaves() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(2);
        UnaryOperator<String> slowFirst = value -> {
            if (value.equals("a")) {
                reading.countDown();
                awaitQuietly(held);
            }
            return value;
        };
        Serializer<String> values = Serializers.of(
                text -> text.getBytes(StandardCharsets.UTF_8), bytes -> slowFirst.apply(new String(bytes, StandardCharsets.UTF_8)));
        ConsumerListener polls = new ConsumerListener() {
            @Override
            public void polled(Duration sinceLastPoll) {
                waiting.countDown();
            }
        };
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 1);
                KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), values).maxPollRecords(1).listener(polls)
                        .bootstrapServers(brokers.bootstrapServers()).autoOffsetReset(OffsetResetPolicy.EARLIEST).build()) {
            brokers.logs().append(0, "a", "b");
            consumer.assign(List.of(FIRST));
            CompletableFuture<Integer> first = inThread(() -> consumer.poll(Duration.ofSeconds(50)).count());
            assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Integer> second = inThread(() -> consumer.poll(Duration.ofSeconds(50)).count());
            assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
            consumer.endOffsets(List.of(FIRST));
            held.countDown();

            assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    private static <T> CompletableFuture<T> inThread(java.util.function.Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, run -> new Thread(run).start());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPositionIsToldAlthoughTheRecordThereCannotBeRead() throws Exception {
        try (ScriptedBrokers brokers = ScriptedBrokers.start(1, 2);
                KafkaConsumer<String, String> consumer = consumerOf(brokers, UnreadableTest::failAtBad, 500)) {
            brokers.logs().append(0, "a");
            brokers.logs().append(1, "bad");
            consumer.assign(List.of(FIRST, SECOND));
            ScriptedConsumers.await(() -> consumer.currentLag(FIRST).isPresent() && consumer.currentLag(SECOND).isPresent());
            assertThat(read(consumer, 1)).containsExactly("a");

            assertThat(consumer.position(SECOND)).isZero();

            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(20)))
                    .isInstanceOfSatisfying(RecordDeserializationException.class, told -> assertThat(told.topicPartition()).isEqualTo(SECOND));
        }
    }
}
