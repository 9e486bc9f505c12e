package dev.kafkaboot.client.releases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.ProducerFencedException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.TwoPhaseCommitException;
import dev.kafkaboot.client.consumer.ConsumerRecord;
import dev.kafkaboot.client.consumer.ConsumerRecords;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.producer.KafkaProducer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Transactions as they were before {@code transaction.version} 2 (KIP-890). */
interface TransactionsContract extends OnOldBroker {

    @Test
    default void committedRecordsOfEitherClientAreReadByBothAndAbortedOnesByNone() {
        broker().kafka.createTopic("transacted", 1);

        try (KafkaProducer<String, String> ours = broker().producer().transactionalId("ours").build();
                var theirs = broker().apachesProducer(Map.of("transactional.id", "theirs"))) {
            theirs.initTransactions();
            ours.inTransaction(transaction -> transaction.send("transacted", "ours, committed"));
            theirs.beginTransaction();
            theirs.send(new ProducerRecord<>("transacted", "theirs, aborted"));
            theirs.flush();
            theirs.abortTransaction();
            ours.beginTransaction();
            ours.send("transacted", "ours, aborted").join();
            ours.abortTransaction();
            theirs.beginTransaction();
            theirs.send(new ProducerRecord<>("transacted", "theirs, committed"));
            theirs.commitTransaction();
            ours.inTransaction(transaction -> transaction.send("transacted", "ours, committed as well"));
        }

        List<String> committed = List.of("ours, committed", "theirs, committed", "ours, committed as well");
        assertThat(broker().weRead("transacted", committed.size())).isEqualTo(committed);
        assertThat(broker().apacheReads("transacted", committed.size())).isEqualTo(committed);
    }

    @Test
    default void offsetsAreCommittedWithTheRecordsOrNotAtAll() {
        TopicPartition orders = new TopicPartition("orders", 0);
        broker().kafka.createTopic("orders", 1);
        broker().kafka.createTopic("invoices", 1);
        try (KafkaProducer<String, String> producer = broker().producer().build()) {
            producer.send("orders", "1").join();
        }

        try (KafkaConsumer<String, String> consumer = broker().consumer().groupId("billing").autoCommit(false).build();
                KafkaProducer<String, String> producer = broker().producer().transactionalId("billing").build()) {
            consumer.subscribe(List.of("orders"));
            ConsumerRecords<String, String> records = consumer.poll(OldBroker.LIMIT);
            Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(orders, new OffsetAndMetadata(1));
            producer.initTransactions();
            producer.beginTransaction();
            producer.send("invoices", "never");
            producer.sendOffsets(offsets, records.groupMetadata());
            producer.abortTransaction();
            assertThat(consumer.committed(Set.of(orders))).doesNotContainEntry(orders, new OffsetAndMetadata(1));

            producer.inTransaction(transaction -> {
                for (ConsumerRecord<String, String> record : records) {
                    transaction.send("invoices", "of order " + record.value());
                }
                transaction.sendOffsets(offsets, records.groupMetadata());
            });

            assertThat(consumer.committed(Set.of(orders)).get(orders)).extracting(OffsetAndMetadata::offset).isEqualTo(1L);
        }
        assertThat(broker().weRead("invoices", 1)).containsExactly("of order 1");
    }

    @Test
    default void olderProducerOfAnIdIsFencedByTheNewer() {
        broker().kafka.createTopic("fenced", 1);
        try (KafkaProducer<String, String> older = broker().producer().transactionalId("fencing").build();
                var newer = broker().apachesProducer(Map.of("transactional.id", "fencing"))) {
            older.inTransaction(transaction -> transaction.send("fenced", "a"));
            newer.initTransactions();

            assertThatThrownBy(() -> older.inTransaction(transaction -> transaction.send("fenced", "b"))).isInstanceOf(ProducerFencedException.class);
        }
    }

    @Test
    default void twoPhaseCommitIsToldToBeMissing() {
        try (KafkaProducer<String, String> producer = broker().producer().transactionalId("two-phase").twoPhaseCommit(true).build()) {
            assertThatThrownBy(producer::initTransactions).isInstanceOf(TwoPhaseCommitException.class).hasMessageContaining("brokers from 4.1 on");
        }
    }
}
