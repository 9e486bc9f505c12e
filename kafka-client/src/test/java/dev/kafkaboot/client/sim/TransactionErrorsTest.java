package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.TransactionRun.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.CommitFailedException;
import dev.kafkaboot.client.ConsumerGroupMetadata;
import dev.kafkaboot.client.Headers;
import dev.kafkaboot.client.KafkaException;
import dev.kafkaboot.client.OffsetAndMetadata;
import dev.kafkaboot.client.ProducerFencedException;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerRecord;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.AddOffsetsToTxnRequest;
import dev.kafkaboot.protocol.message.AddPartitionsToTxnRequest;
import dev.kafkaboot.protocol.message.EndTxnRequest;
import dev.kafkaboot.protocol.message.FindCoordinatorRequest;
import dev.kafkaboot.protocol.message.InitProducerIdRequest;
import dev.kafkaboot.protocol.message.ProduceRequest;
import dev.kafkaboot.protocol.message.TxnOffsetCommitRequest;
import dev.kafkaboot.test.fake.FakeKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each error code of each request of transactions does: it passes unseen, costs the transaction, or the producer. */
class TransactionErrorsTest {

    /** What an error costs. */
    enum Cost {
        NOTHING,
        TRANSACTION,
        PRODUCER
    }

    /** Lets the next request of one kind fail. */
    enum Step {
        FIND_COORDINATOR {
            @Override
            void fail(FakeKafka cluster, ErrorCode error) {
                cluster.on(FindCoordinatorRequest.class).fail(error);
            }
        },
        INIT {
            @Override
            void fail(FakeKafka cluster, ErrorCode error) {
                cluster.on(InitProducerIdRequest.class).fail(error);
            }
        },
        ADD_PARTITIONS {
            @Override
            void fail(FakeKafka cluster, ErrorCode error) {
                cluster.on(AddPartitionsToTxnRequest.class).fail(error);
            }
        },
        ADD_OFFSETS {
            @Override
            void fail(FakeKafka cluster, ErrorCode error) {
                cluster.on(AddOffsetsToTxnRequest.class).fail(error);
            }
        },
        PRODUCE {
            @Override
            void fail(FakeKafka cluster, ErrorCode error) {
                cluster.on(ProduceRequest.class).fail(error);
            }
        },
        COMMIT_OFFSETS {
            @Override
            void fail(FakeKafka cluster, ErrorCode error) {
                cluster.on(TxnOffsetCommitRequest.class).fail(error);
            }
        },
        END {
            @Override
            void fail(FakeKafka cluster, ErrorCode error) {
                cluster.on(EndTxnRequest.class).fail(error);
            }
        };

        abstract void fail(FakeKafka cluster, ErrorCode error);
    }

    private static final List<ErrorCode> PASSING = List.of(
            ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, ErrorCode.NOT_COORDINATOR, ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.REQUEST_TIMED_OUT);

    static Stream<Arguments> errors() {
        List<Arguments> all = new ArrayList<>();
        for (String release : List.of("3.9", "4.3")) {
            add(all, release, Step.FIND_COORDINATOR, Cost.NOTHING, ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
            add(all, release, Step.FIND_COORDINATOR, Cost.PRODUCER, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            add(all, release, Step.INIT, Cost.NOTHING, PASSING.toArray(ErrorCode[]::new));
            add(all, release, Step.INIT, Cost.NOTHING, ErrorCode.CONCURRENT_TRANSACTIONS);
            add(all, release, Step.INIT, Cost.PRODUCER, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, ErrorCode.INVALID_TRANSACTION_TIMEOUT,
                    ErrorCode.CLUSTER_AUTHORIZATION_FAILED, ErrorCode.PRODUCER_FENCED, ErrorCode.INVALID_PRODUCER_EPOCH);
            add(all, release, Step.PRODUCE, Cost.NOTHING, ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.NOT_ENOUGH_REPLICAS,
                    ErrorCode.CONCURRENT_TRANSACTIONS, ErrorCode.REQUEST_TIMED_OUT);
            add(all, release, Step.PRODUCE, Cost.TRANSACTION, ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.INVALID_RECORD,
                    ErrorCode.INVALID_PRODUCER_EPOCH, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, ErrorCode.UNKNOWN_PRODUCER_ID,
                    ErrorCode.INVALID_PRODUCER_ID_MAPPING, ErrorCode.INVALID_TXN_STATE, ErrorCode.TRANSACTION_ABORTABLE);
            add(all, release, Step.PRODUCE, Cost.PRODUCER, ErrorCode.PRODUCER_FENCED, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            add(all, release, Step.COMMIT_OFFSETS, Cost.NOTHING, PASSING.toArray(ErrorCode[]::new));
            add(all, release, Step.COMMIT_OFFSETS, Cost.NOTHING, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.CONCURRENT_TRANSACTIONS);
            add(all, release, Step.COMMIT_OFFSETS, Cost.TRANSACTION, ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED,
                    ErrorCode.FENCED_INSTANCE_ID, ErrorCode.UNKNOWN_MEMBER_ID, ErrorCode.ILLEGAL_GENERATION, ErrorCode.OFFSET_METADATA_TOO_LARGE,
                    ErrorCode.INVALID_PRODUCER_ID_MAPPING, ErrorCode.TRANSACTION_ABORTABLE, ErrorCode.UNKNOWN_SERVER_ERROR);
            add(all, release, Step.COMMIT_OFFSETS, Cost.PRODUCER, ErrorCode.PRODUCER_FENCED, ErrorCode.INVALID_PRODUCER_EPOCH,
                    ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            add(all, release, Step.END, Cost.NOTHING, PASSING.toArray(ErrorCode[]::new));
            add(all, release, Step.END, Cost.NOTHING, ErrorCode.CONCURRENT_TRANSACTIONS, ErrorCode.UNKNOWN_SERVER_ERROR);
            add(all, release, Step.END, Cost.TRANSACTION, ErrorCode.INVALID_TXN_STATE, ErrorCode.INVALID_PRODUCER_ID_MAPPING,
                    ErrorCode.UNKNOWN_PRODUCER_ID, ErrorCode.TRANSACTION_ABORTABLE);
            add(all, release, Step.END, Cost.PRODUCER, ErrorCode.PRODUCER_FENCED, ErrorCode.INVALID_PRODUCER_EPOCH,
                    ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        for (Step step : List.of(Step.ADD_PARTITIONS, Step.ADD_OFFSETS)) {
            add(all, "3.9", step, Cost.NOTHING, PASSING.toArray(ErrorCode[]::new));
            add(all, "3.9", step, Cost.NOTHING, ErrorCode.CONCURRENT_TRANSACTIONS);
            add(all, "3.9", step, Cost.TRANSACTION, ErrorCode.INVALID_PRODUCER_ID_MAPPING, ErrorCode.INVALID_TXN_STATE,
                    ErrorCode.UNKNOWN_PRODUCER_ID, ErrorCode.TRANSACTION_ABORTABLE, ErrorCode.UNKNOWN_SERVER_ERROR,
                    step == Step.ADD_PARTITIONS ? ErrorCode.TOPIC_AUTHORIZATION_FAILED : ErrorCode.GROUP_AUTHORIZATION_FAILED);
            add(all, "3.9", step, Cost.PRODUCER, ErrorCode.PRODUCER_FENCED, ErrorCode.INVALID_PRODUCER_EPOCH,
                    ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        return all.stream();
    }

    private static void add(List<Arguments> all, String release, Step step, Cost cost, ErrorCode... errors) {
        for (ErrorCode error : errors) {
            all.add(Arguments.of(release, step, error, cost));
        }
    }

    private static @Nullable KafkaException transaction(KafkaProducer<String, String> producer, String value) {
        try {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, 0, null, null, value, new Headers()));
            producer.sendOffsets(Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(1)), new ConsumerGroupMetadata("group", -1, "", null));
            producer.commitTransaction();
            return null;
        } catch (KafkaException failure) {
            return failure;
        }
    }

    @ParameterizedTest(name = "Kafka {0}: {2} to {1} costs {3}")
    @MethodSource("errors")
    void errorCostsWhatItMust(String release, Step step, ErrorCode error, Cost cost) {
        TransactionRun.of(release, run -> {
            run.cluster(cluster -> step.fail(cluster, error));
            try (KafkaProducer<String, String> producer = run.builder().build()) {
                KafkaException failure = transaction(producer, "first");

                switch (cost) {
                    case NOTHING -> assertThat(failure).isNull();
                    case TRANSACTION -> {
                        assertThat(failure).isNotNull();
                        assertThat(failure.requiresAbort()).as("%s requires an abort", failure).isTrue();
                        assertThat(failure.isFatal()).isFalse();
                        assertThat(failure.errorCode()).isEqualTo(error);
                        producer.abortTransaction();
                    }
                    case PRODUCER -> {
                        assertThat(failure).isNotNull();
                        assertThat(failure.isFatal()).as("%s is fatal", failure).isTrue();
                        assertThat(failure.requiresAbort()).isFalse();
                        assertThat(failure.errorCode()).isEqualTo(error);
                        boolean isFenced = error == ErrorCode.PRODUCER_FENCED || error == ErrorCode.INVALID_PRODUCER_EPOCH;
                        assertThat(failure instanceof ProducerFencedException).isEqualTo(isFenced);
                        assertThat(transaction(producer, "never")).isNotNull();
                    }
                }
                if (cost != Cost.PRODUCER) {
                    assertThat(transaction(producer, "second")).isNull();
                }
                if (step == Step.COMMIT_OFFSETS && error == ErrorCode.ILLEGAL_GENERATION) {
                    assertThat(failure).isInstanceOf(CommitFailedException.class);
                }
            }
            assertThat(run.committed()).containsExactlyElementsOf(switch (cost) {
                case NOTHING -> List.of("first", "second");
                case TRANSACTION -> List.of("second");
                case PRODUCER -> List.of();
            });
        });
    }
}
