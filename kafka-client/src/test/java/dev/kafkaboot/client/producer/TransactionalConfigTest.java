package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.TransactionStateException;
import dev.kafkaboot.client.serialization.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransactionalConfigTest {

    private static ProducerBuilder<String, String> builder() {
        return KafkaProducer.builder(Serializers.string(), Serializers.string()).bootstrapServers("localhost:1");
    }

    static List<Map<String, Object>> conflicts() {
        return List.of(Map.of("acks", "1"), Map.of("retries", 0), Map.of("enable.idempotence", false));
    }

    @ParameterizedTest
    @MethodSource("conflicts")
    void whatTransactionsCannotDoWithoutIsRefusedWithBothKeys(Map<String, Object> conflict) {
        assertThatThrownBy(() -> builder().transactionalId("billing").config(conflict).build())
                .asInstanceOf(type(ConfigException.class))
                .satisfies(e -> assertThat(e.faults()).singleElement().satisfies(fault -> {
                    assertThat(fault.key()).isEqualTo("transactional.id");
                    assertThat(fault.toString()).contains(conflict.toString().replaceAll("[{}]", ""));
                }));
    }

    @Test
    void timeoutWithoutAnIdIsRefused() {
        assertThatThrownBy(() -> builder().config("transaction.timeout.ms", 1_000).build())
                .isInstanceOf(ConfigException.class).hasMessageContaining("transaction.timeout.ms").hasMessageContaining("transactional.id");
    }

    @Test
    void producerWithoutAnIdHasNoTransactions() {
        try (KafkaProducer<String, String> producer = builder().build()) {
            assertThatThrownBy(producer::beginTransaction).isInstanceOf(TransactionStateException.class).hasMessageContaining("transactional.id");
        }
    }

    @Test
    void timeoutOfTransactionsThatLastUntilTheyAreCompletedIsRefused() {
        assertThatThrownBy(() -> builder().transactionalId("billing").twoPhaseCommit(true).transactionTimeout(Duration.ofSeconds(1)).build())
                .asInstanceOf(type(ConfigException.class))
                .satisfies(e -> assertThat(e.faults()).singleElement().satisfies(fault -> {
                    assertThat(fault.key()).isEqualTo("transaction.timeout.ms");
                    assertThat(fault.toString()).contains("1000").contains("transaction.two.phase.commit.enable=true");
                }));
    }

    @Test
    void twoPhasesWithoutAnIdAreRefused() {
        assertThatThrownBy(() -> builder().twoPhaseCommit(true).build())
                .isInstanceOf(ConfigException.class).hasMessageContaining("transaction.two.phase.commit.enable").hasMessageContaining("transactional.id");
    }

    @Test
    void callsOfTwoPhaseCommitsNameTheKeyWhereItIsOff() {
        try (KafkaProducer<String, String> producer = builder().transactionalId("billing").build()) {
            assertThatThrownBy(producer::prepareTransaction)
                    .isInstanceOf(TransactionStateException.class).hasMessageContaining("transaction.two.phase.commit.enable=true");
            assertThatThrownBy(() -> producer.initTransactions(/* keepPrepared= */ true))
                    .isInstanceOf(TransactionStateException.class).hasMessageContaining("transaction.two.phase.commit.enable=true");
        }
    }
}
