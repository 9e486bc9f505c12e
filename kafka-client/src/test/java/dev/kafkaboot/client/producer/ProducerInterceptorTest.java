package dev.kafkaboot.client.producer;

import static dev.kafkaboot.client.producer.ScriptedCluster.TOPIC;
import static dev.kafkaboot.client.producer.ScriptedCluster.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.protocol.ErrorCode;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProducerInterceptorTest {

    private final ScriptedCluster cluster = ScriptedCluster.start(1, 1);
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() throws IOException {
        cluster.close();
    }

    private ProducerBuilder<String, String> builder() {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).bootstrapServers(cluster.bootstrapServers());
    }

    /** Adds to the value, and writes down what it hears. */
    private final class Adding implements ProducerInterceptor<String, String> {

        private final String what;

        Adding(String what) {
            this.what = what;
        }

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            record.headers().add("by", what.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return new ProducerRecord<>(record.topic(), record.partition(), record.timestamp(), record.key(), record.value() + what, record.headers());
        }

        @Override
        public void onAcknowledgement(ProducerRecord<String, String> record, @Nullable RecordMetadata metadata, @Nullable Throwable failure) {
            heard.add(what + ": " + record.value() + " " + (metadata == null ? String.valueOf(failure).contains("INVALID_RECORD") : metadata.offset()));
        }

        @Override
        public void close() {
            heard.add(what + " is closed");
        }
    }

    private static final class Forgetful implements ProducerInterceptor<String, String> {

        @Override
        @SuppressWarnings("NullAway") // what an interceptor of a user may do
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            return null;
        }
    }

    private static final class Failing implements ProducerInterceptor<String, String> {

        @Override
        public ProducerRecord<String, String> onSend(ProducerRecord<String, String> record) {
            throw new NoClassDefFoundError("an interceptor's fault");
        }

        @Override
        public void onAcknowledgement(ProducerRecord<String, String> record, @Nullable RecordMetadata metadata, @Nullable Throwable failure) {
            throw new IllegalStateException("an interceptor's fault");
        }
    }

    @Test
    void interceptorsChangeTheRecordInTurnAndHearWhatBecameOfIt() throws Exception {
        try (KafkaProducer<String, String> producer = builder().interceptor(new Adding("+1")).interceptor(new Failing()).interceptor(new Forgetful()).interceptor(new Adding("+2")).build()) {
            producer.send(TOPIC, "a").get(20, TimeUnit.SECONDS);
            producer.trySend(TOPIC, "key", "b").get(20, TimeUnit.SECONDS);
        }

        assertThat(cluster.log(0)).containsExactly("a+1+2", "b+1+2");
        assertThat(cluster.next().headers()).containsExactly("by=+1", "by=+2");
        assertThat(heard).containsExactly(
                "+1: a+1+2 0", "+2: a+1+2 0", "+1: b+1+2 1", "+2: b+1+2 1", "+1 is closed", "+2 is closed");
    }

    @Test
    void interceptorHearsOfARecordThatIsRefused() {
        cluster.answer(error(ErrorCode.INVALID_RECORD));
        try (KafkaProducer<String, String> producer = builder().interceptor(new Adding("!")).build()) {
            producer.send(TOPIC, "a");
        }

        assertThat(heard).containsExactly("!: a! true", "! is closed");
    }
}
