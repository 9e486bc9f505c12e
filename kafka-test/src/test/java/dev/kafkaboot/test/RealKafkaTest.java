package dev.kafkaboot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RealKafkaTest {

    @SuppressWarnings("NullAway.Init")
    private static RealKafka kafka;

    @BeforeAll
    static void start() {
        kafka = RealKafka.start();
    }

    @AfterAll
    static void end() {
        kafka.close();
    }

    @BeforeEach
    void everythingRuns() {
        broker().resume();
        if (!broker().isRunning()) {
            broker().start();
        }
    }

    @Test
    void startedBrokerAnswersOnItsAddress() throws IOException {
        assertThat(kafka.bootstrapServers()).isEqualTo(broker().host() + ":" + broker().port());
        assertThat(answerOf(broker())).isZero();
    }

    @Test
    void portIsOutsideTheRangeOfOutgoingConnections() {
        // 32768 is where Linux, macOS and Windows have it, or lower than where they have it.
        assertThat(broker().port()).isBetween(10_240, 32_767);
    }

    @Test
    void stoppedBrokerShutsDownInOrderAndRefusesConnections() throws IOException {
        long pid = broker().pid();

        broker().stop();

        assertThat(broker().isRunning()).isFalse();
        assertThat(ProcessHandle.of(pid)).satisfies(RealKafkaTest::isGone);
        assertThat(Files.readString(broker().log())).contains("[BrokerServer id=1] shut down completed");
        assertThatThrownBy(() -> answerOf(broker())).isInstanceOf(ConnectException.class);
    }

    @Test
    void brokerComesBackOnItsAddressAndItsData() throws IOException {
        String address = broker().address();
        Path metadata = broker().log().resolveSibling("data").resolve("meta.properties");
        String identity = Files.readString(metadata);
        long pid = broker().pid();

        broker().restart();

        assertThat(broker().address()).isEqualTo(address);
        assertThat(Files.readString(metadata)).isEqualTo(identity);
        assertThat(broker().pid()).isNotEqualTo(pid);
        assertThat(answerOf(broker())).isZero();
    }

    @Test
    void killedBrokerIsGoneAtOnceEvenIfPausedAndCanBeStarted() throws IOException {
        long pid = broker().pid();
        broker().pause();

        broker().kill();

        assertThat(broker().isRunning()).isFalse();
        assertThat(broker().isPaused()).isFalse();
        assertThat(ProcessHandle.of(pid)).satisfies(RealKafkaTest::isGone);
        assertThatThrownBy(() -> answerOf(broker())).isInstanceOf(ConnectException.class);
        broker().start();
        assertThat(answerOf(broker())).isZero();
    }

    @Test
    void pausedBrokerAnswersOnlyWhenItIsResumed() throws IOException {
        try (RawConnection connection = new RawConnection(broker())) {
            broker().pause();
            assertThat(broker().isPaused()).isTrue();
            assertThat(broker().isRunning()).isTrue();

            connection.ask();
            assertThatThrownBy(() -> connection.answerWithin(200)).isInstanceOf(SocketTimeoutException.class);
            broker().resume();

            assertThat(connection.answer()).isZero();
            assertThat(broker().isPaused()).isFalse();
        }
    }

    @Test
    void pausedBrokerCanBeStopped() throws IOException {
        broker().pause();

        broker().stop();

        assertThat(broker().isRunning()).isFalse();
        assertThat(broker().isPaused()).isFalse();
        assertThat(Files.readString(broker().log())).contains("[BrokerServer id=1] shut down completed");
    }

    @Test
    void stoppingWhatIsStoppedDoesNothing() {
        broker().stop();

        broker().stop();
        broker().kill();
        broker().resume();

        assertThat(broker().isRunning()).isFalse();
    }

    @Test
    void wrongOrderIsRefused() {
        assertThatIllegalStateException().isThrownBy(broker()::start).withMessageContaining("is running already");

        broker().stop();

        assertThatIllegalStateException().isThrownBy(broker()::pause).withMessageContaining("must be running to be paused");
        assertThatIllegalStateException().isThrownBy(broker()::pid).withMessageContaining("must be running");
    }

    @Test
    void unknownBrokerIsRefused() {
        assertThatThrownBy(() -> kafka.broker(2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no broker 2");
    }

    private static RealBroker broker() {
        return kafka.broker(1);
    }

    private static short answerOf(RealBroker broker) throws IOException {
        try (RawConnection connection = new RawConnection(broker)) {
            connection.ask();
            return connection.answer();
        }
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType")
    private static void isGone(Optional<ProcessHandle> process) {
        assertThat(process.filter(ProcessHandle::isAlive)).isEmpty();
    }
}
