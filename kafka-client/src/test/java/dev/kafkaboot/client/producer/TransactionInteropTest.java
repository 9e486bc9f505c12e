package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.ProducerFencedException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.TwoPhaseCommitException;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.junit.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions of ours and of Apache's clients on one real broker. */
@KafkaCluster
@Timeout(180)
class TransactionInteropTest {

    private final RealKafka kafka;

    TransactionInteropTest(RealKafka kafka) {
        this.kafka = kafka;
    }

    private KafkaProducer<String, String> ours(String transactionalId) {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).bootstrapServers(kafka.bootstrapServers())
                .transactionalId(transactionalId).build();
    }

    private org.apache.kafka.clients.producer.KafkaProducer<String, String> apaches(String transactionalId) {
        org.apache.kafka.clients.producer.KafkaProducer<String, String> producer = new org.apache.kafka.clients.producer.KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", transactionalId), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static void apacheSends(org.apache.kafka.clients.producer.KafkaProducer<String, String> producer, String topic, String value) {
        producer.beginTransaction();
        producer.send(new org.apache.kafka.clients.producer.ProducerRecord<>(topic, value));
    }

    /** What Apache's consumer reads at read_committed, up to a value. */
    private List<String> apacheReads(String topic, String last) {
        try (org.apache.kafka.clients.consumer.KafkaConsumer<String, String> consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"), new StringDeserializer(),
                new StringDeserializer())) {
            org.apache.kafka.common.TopicPartition partition = new org.apache.kafka.common.TopicPartition(topic, 0);
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

    private static void setLevel(Admin admin, int level, FeatureUpdate.UpgradeType type) throws Exception {
        admin.updateFeatures(Map.of("transaction.version", new FeatureUpdate((short) level, type)), new UpdateFeaturesOptions()).all().get();
    }

    private void commitsAndAborts(String topic, String transactionalId) {
        try (KafkaProducer<String, String> producer = ours(transactionalId)) {
            producer.inTransaction(transaction -> transaction.send(topic, "a"));
            producer.beginTransaction();
            producer.send(topic, "aborted");
            producer.flush();
            producer.abortTransaction();
            producer.inTransaction(transaction -> transaction.send(topic, "b"));
        }
    }

    @Test
    void ourTransactionsAreReadByApachesConsumer() {
        kafka.createTopic("ours", 1);

        commitsAndAborts("ours", "ours");

        assertThat(apacheReads("ours", "b")).containsExactly("a", "b");
    }

    @Test
    void ourTransactionsOfTheOlderProtocolAreReadByApachesConsumer() throws Exception {
        kafka.createTopic("older", 1);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            setLevel(admin, 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
            try {
                commitsAndAborts("older", "older");
            } finally {
                setLevel(admin, 2, FeatureUpdate.UpgradeType.UPGRADE);
            }
        }

        assertThat(apacheReads("older", "b")).containsExactly("a", "b");
    }

    @Test
    void apachesTransactionsAreReadByOurConsumer() {
        kafka.createTopic("theirs", 1);
        try (org.apache.kafka.clients.producer.KafkaProducer<String, String> producer = apaches("theirs")) {
            apacheSends(producer, "theirs", "aborted");
            producer.flush();
            producer.abortTransaction();
            apacheSends(producer, "theirs", "a");
            producer.commitTransaction();
        }

        try (KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers()).config("isolation.level", "read_committed").build()) {
            TopicPartition partition = new TopicPartition("theirs", 0);
            consumer.assign(Set.of(partition));
            consumer.seek(partition, 0);
            List<String> values = new ArrayList<>();
            while (values.isEmpty()) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
            assertThat(values).containsExactly("a");
        }
    }

    @Test
    void producersFenceOneAnother() {
        kafka.createTopic("fenced", 1);
        try (KafkaProducer<String, String> ours = ours("fenced")) {
            ours.initTransactions();
            ours.beginTransaction();
            ours.send("fenced", "lost");
            ours.flush();
            try (org.apache.kafka.clients.producer.KafkaProducer<String, String> theirs = apaches("fenced")) {
                assertThatThrownBy(ours::commitTransaction).isInstanceOf(ProducerFencedException.class);

                apacheSends(theirs, "fenced", "lost too");
                theirs.flush();
                try (KafkaProducer<String, String> last = ours("fenced")) {
                    last.initTransactions();
                    assertThatThrownBy(theirs::commitTransaction).isInstanceOf(org.apache.kafka.common.KafkaException.class);
                    last.inTransaction(transaction -> transaction.send("fenced", "kept"));
                }
            }
        }

        assertThat(apacheReads("fenced", "kept")).containsExactly("kept");
    }

    @Test
    void offsetsAreCommittedWithWhatWasMadeOfTheirRecords() {
        kafka.createTopic("in", 1);
        kafka.createTopic("out", 1);
        try (KafkaProducer<String, String> first = ours("first")) {
            first.inTransaction(transaction -> transaction.send("in", "a"));
        }
        TopicPartition in = new TopicPartition("in", 0);
        try (KafkaProducer<String, String> producer = ours("second");
                KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                        .bootstrapServers(kafka.bootstrapServers()).groupId("processing")
                        .config(Map.of("isolation.level", "read_committed", "auto.offset.reset", "earliest", "enable.auto.commit", false)).build()) {
            consumer.subscribe(List.of("in"));
            List<String> values = new ArrayList<>();
            while (values.isEmpty()) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
            producer.inTransaction(transaction -> {
                transaction.send("out", values.get(0) + "'");
                transaction.sendOffsets(Map.of(in, new OffsetAndMetadata(1)), consumer.groupMetadata());
            });

            assertThat(consumer.committed(Set.of(in)).get(in)).isEqualTo(new OffsetAndMetadata(1));
        }
        assertThat(apacheReads("out", "a'")).containsExactly("a'");
    }

    @Test
    void brokerThatIsNotToldToAllowThemRefusesTwoPhaseCommits() {
        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers()).transactionalId("refused").twoPhaseCommit(true).build()) {
            assertThatThrownBy(producer::initTransactions).isInstanceOf(TwoPhaseCommitException.class).hasMessageContaining("unstable.api.versions.enable");
        }
    }
}
