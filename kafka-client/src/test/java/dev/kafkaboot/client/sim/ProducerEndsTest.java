package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.TransactionRun.TOPIC;
import static dev.kafkaboot.client.sim.TransactionRun.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.RecordMetadata;
import dev.kafkaboot.client.serialization.Serializer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.message.ProduceRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Producers that something goes wrong with which is not of Kafka. */
class ProducerEndsTest {

    private final AtomicInteger closed = new AtomicInteger();

    /** Serializes all but what is wrong. */
    private final class Picky implements Serializer<String> {

        @Override
        public byte @Nullable [] serialize(String topic, Headers headers, @Nullable String value) {
            if ("wrong".equals(value)) {
                throw new AssertionError("this is wrong");
            }
            return Serializers.string().serialize(topic, headers, value);
        }

        @Override
        public @Nullable String deserialize(String topic, Headers headers, byte @Nullable [] bytes) {
            return Serializers.string().deserialize(topic, headers, bytes);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    /** Nobody looks at the future of the record; the commit must know all the same. */
    @Test
    void errorOfASerializerFailsTheTransactionOfItsRecord() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), new Picky())
                    .connections(run.process().connections()).transactionalId("billing").build()) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(TOPIC, "a");
                CompletableFuture<RecordMetadata> wrong = producer.send(TOPIC, "wrong");

                assertThat(wrong).isCompletedExceptionally();
                KafkaException failure = failureOf(producer::commitTransaction);
                assertThat(failure.requiresAbort()).isTrue();
                assertThat(failure).hasMessageContaining("this is wrong");
                producer.abortTransaction();
            }
            assertThat(run.committed()).isEmpty();
        });
    }

    @Test
    void producerWhoseConnectionsWereClosedFirstClosesWhatItHas() {
        TransactionRun.of("4.3", run -> {
            KafkaProducer<String, String> producer = KafkaProducer.builder(new Picky(), new Picky()).connections(run.process().connections()).build();
            run.cluster(cluster -> cluster.on(ProduceRequest.class).always().ignore());
            CompletableFuture<RecordMetadata> sent = producer.send(TOPIC, "a");
            run.simulation().sleep(Duration.ofSeconds(1));
            run.process().connections().close();
            CompletableFuture<RecordMetadata> next = producer.send(TOPIC, "b");
            run.simulation().sleep(Duration.ofSeconds(1));
            assertThat(sent).isCompletedExceptionally();
            assertThat(next).isCompletedExceptionally();

            long before = run.process().loop().nanoTime();
            producer.close(Duration.ofSeconds(30));
            assertThat(Duration.ofNanos(run.process().loop().nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
            assertThat(closed).hasValue(2);
            producer.close();
            assertThat(closed).hasValue(2);
        });
    }
}
