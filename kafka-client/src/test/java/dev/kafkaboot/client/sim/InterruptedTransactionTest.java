package dev.kafkaboot.client.sim;

import static dev.kafkaboot.client.sim.TransactionRun.TOPIC;
import static dev.kafkaboot.client.sim.TransactionRun.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kafkaboot.client.InterruptException;
import dev.kafkaboot.client.TransactionStateException;
import dev.kafkaboot.client.producer.KafkaProducer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Threads that are interrupted in the middle of a transaction: what became of it is what they are told. */
class InterruptedTransactionTest {

    @Test
    void commitOfAnInterruptedThreadIsWaitedForAndToldAsWhatItIs() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = run.builder().build()) {
                producer.inTransaction(transaction -> {
                    transaction.send(TOPIC, "a");
                    Thread.currentThread().interrupt();
                });
                assertThat(Thread.interrupted()).as("the thread is interrupted still").isTrue();

                producer.inTransaction(transaction -> transaction.send(TOPIC, "b"));
            }
            assertThat(run.committed()).containsExactlyInAnyOrder("a", "b");
        });
    }

    @Test
    void abortOfAnInterruptedThreadIsOverWhenTheBodysFailureIsThrown() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = run.builder().build()) {
                Throwable thrown = catchThrowable(() -> producer.inTransaction(transaction -> {
                    transaction.send(TOPIC, "a");
                    producer.flush();
                    Thread.currentThread().interrupt();
                    producer.flush();
                }));
                assertThat(Thread.interrupted()).as("the thread is interrupted still").isTrue();

                assertThat(thrown).isInstanceOf(InterruptException.class);
                assertThat(thrown.getSuppressed()).noneMatch(TransactionStateException.class::isInstance);
                producer.inTransaction(transaction -> transaction.send(TOPIC, "b"));
            }
            assertThat(run.committed()).containsExactly("b");
        });
    }

    @Test
    void threadThatIsInterruptedBeforehandBeginsNothing() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = run.builder().build()) {
                List<String> requests = run.observe();
                Thread.currentThread().interrupt();
                Throwable thrown = catchThrowable(() -> producer.inTransaction(transaction -> transaction.send(TOPIC, "a")));
                assertThat(Thread.interrupted()).as("the thread is interrupted still").isTrue();
                run.simulation().sleep(Duration.ofSeconds(1));

                assertThat(thrown).isInstanceOf(InterruptException.class);
                assertThat(requests).isEmpty();
                producer.inTransaction(transaction -> transaction.send(TOPIC, "b"));
            }
            assertThat(run.committed()).containsExactly("b");
        });
    }

    @Test
    void outcomeOfACommitThatAnInterruptedThreadDidNotGetIsToldToTheNextCall() {
        TransactionRun.of("4.3", run -> {
            try (KafkaProducer<String, String> producer = run.producer()) {
                producer.beginTransaction();
                producer.send(TOPIC, "a");
                Thread.currentThread().interrupt();
                Throwable thrown = catchThrowable(producer::commitTransaction);
                assertThat(Thread.interrupted()).as("the thread is interrupted still").isTrue();
                run.simulation().sleep(Duration.ofSeconds(1));

                assertThat(thrown).isInstanceOf(InterruptException.class);
                producer.commitTransaction();
                assertThat(failureOf(producer::commitTransaction)).as("it was told").isInstanceOf(TransactionStateException.class);
            }
            assertThat(run.committed()).containsExactly("a");
        });
    }
}
