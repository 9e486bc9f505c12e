package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.TwoPhaseCommitException;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two-phase commits (KIP-939) as far as a real broker goes that is told to allow them: it keeps a transaction open, but for nobody else than who wrote it. */
@KafkaCluster(properties = {"unstable.api.versions.enable=true", "transaction.two.phase.commit.enable=true"})
@Timeout(180)
class TwoPhaseCommitInteropTest {

    private final RealKafka kafka;

    TwoPhaseCommitInteropTest(RealKafka kafka) {
        this.kafka = kafka;
    }

    private KafkaProducer<String, String> producer(String transactionalId) {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).bootstrapServers(kafka.bootstrapServers())
                .transactionalId(transactionalId).twoPhaseCommit(true).build();
    }

    private static PreparedTxnState prepare(KafkaProducer<String, String> producer, String topic, String value) {
        producer.beginTransaction();
        producer.send(topic, value);
        return producer.prepareTransaction();
    }

    private TransactionDescription describe(String transactionalId) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.describeTransactions(List.of(transactionalId)).description(transactionalId).get();
        }
    }

    /** What Apache's consumer reads at read_committed, up to a value. */
    private List<String> apacheReads(String topic, String last) {
        try (org.apache.kafka.clients.consumer.KafkaConsumer<String, String> consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"), new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> values = new ArrayList<>();
            while (!values.contains(last)) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }

    @Test
    void whatIsPreparedIsOpenWithoutLimitUntilItIsCompleted() throws Exception {
        kafka.createTopic("prepared", 1);
        try (KafkaProducer<String, String> producer = producer("prepared")) {
            producer.initTransactions();
            PreparedTxnState first = prepare(producer, "prepared", "a");
            TransactionDescription open = describe("prepared");
            producer.completeTransaction(first);
            PreparedTxnState second = prepare(producer, "prepared", "aborted");
            producer.completeTransaction(first);
            producer.completeTransaction(prepare(producer, "prepared", "b"));

            assertThat(open.state()).isEqualTo(TransactionState.ONGOING);
            assertThat(open.transactionTimeoutMs()).isEqualTo(Integer.MAX_VALUE);
            assertThat(first).isEqualTo(new PreparedTxnState(open.producerId(), (short) open.producerEpoch()));
            assertThat(second).isNotEqualTo(first);
        }

        assertThat(apacheReads("prepared", "b")).containsExactly("a", "b");
    }

    @Test
    void nextProducerCannotKeepWhatIsPreparedAndLeavesItAsItIs() throws Exception {
        kafka.createTopic("kept", 1);
        PreparedTxnState left;
        try (KafkaProducer<String, String> producer = producer("kept")) {
            producer.initTransactions();
            left = prepare(producer, "kept", "lost");
        }

        try (KafkaProducer<String, String> next = producer("kept")) {
            assertThatThrownBy(() -> next.initTransactions(/* keepPrepared= */ true))
                    .isInstanceOf(TwoPhaseCommitException.class).hasMessageContaining("UNSUPPORTED_VERSION");
        }

        TransactionDescription open = describe("kept");
        assertThat(open.state()).isEqualTo(TransactionState.ONGOING);
        assertThat(new PreparedTxnState(open.producerId(), (short) open.producerEpoch())).isEqualTo(left);
        try (KafkaProducer<String, String> last = producer("kept")) {
            last.initTransactions();
            last.completeTransaction(prepare(last, "kept", "a"));
        }
        assertThat(apacheReads("kept", "a")).containsExactly("a");
    }
}
