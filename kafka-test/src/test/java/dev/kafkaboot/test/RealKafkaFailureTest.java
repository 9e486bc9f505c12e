package dev.kafkaboot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealKafkaFailureTest {

    @Test
    void missingServerNamesTheArtifact() {
        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> RealKafka.builder().classPath(List.of()).start())
                .withMessageContaining("org.apache.kafka:kafka_2.13")
                .withMessageContaining("test scope");
    }

    @Test
    void wrongPropertyShowsExitCodeAndLog() {
        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> RealKafka.builder().property("num.io.threads", "none").start())
                .withMessageContaining("broker 1 (127.0.0.1:")
                .withMessageContaining("ended with exit code 1")
                .withMessageContaining("Invalid value none for configuration num.io.threads");
    }

    @Test
    void oneWrongBrokerOfTwoEndsTheStartAtOnce() {
        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> RealKafka.builder().brokers(2).brokerProperty(2, "num.io.threads", "none").start())
                .withMessageContaining("broker 2 (127.0.0.1:")
                .withMessageContaining("num.io.threads");
    }

    @Test
    void wrongJvmArgumentShowsWhatTheJvmSaid() {
        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> RealKafka.builder().maxHeap("plenty").start())
                .withMessageContaining("Invalid maximum heap size");
    }

    @Test
    void brokerThatIsTooSlowIsKilled(@TempDir Path directory) {
        assertThatExceptionOfType(RealKafkaException.class)
                .isThrownBy(() -> RealKafka.builder().startTimeout(Duration.ofMillis(1)).directory(directory).start())
                .withMessageContaining("not started within PT0.001S");

        assertThat(ProcessHandle.current().children().filter(child -> commandOf(child).contains(directory.toString()))).isEmpty();
    }

    @Test
    void closedClusterStartsNoBroker() {
        RealKafka kafka = RealKafka.start();
        kafka.close();
        kafka.close();

        assertThatIllegalStateException().isThrownBy(kafka.broker(1)::start).withMessageContaining("closed");
    }

    @Test
    void clusterWithoutBrokersIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> RealKafka.builder().brokers(0));
    }

    @Test
    void portThatIsTakenMeanwhileIsReplacedByAnother() throws IOException {
        try (ServerSocket squatter = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AtomicInteger choices = new AtomicInteger();

            try (RealKafka kafka = RealKafka.builder()
                    .portChoice(taken -> choices.getAndIncrement() == 0
                            ? new BrokerPorts(squatter.getLocalPort(), BrokerPorts.choose(taken).controller())
                            : BrokerPorts.choose(taken))
                    .start()) {
                assertThat(choices).hasValue(2);
                assertThat(kafka.broker(1).port()).isNotEqualTo(squatter.getLocalPort());
                assertThat(kafka.broker(1).isRunning()).isTrue();
            }
        }
    }

    @Test
    void givenDirectoryIsKeptWithItsLogAndTemporaryOneIsNot(@TempDir Path directory) {
        RealKafka temporary;
        try (RealKafka kept = RealKafka.builder().directory(directory).start();
                RealKafka deleted = RealKafka.start()) {
            temporary = deleted;
            assertThat(kept.broker(1).log()).startsWith(directory);
            assertThat(deleted.broker(1).log()).exists();
            assertThat(kept.clusterId()).isNotEqualTo(deleted.clusterId());
        }

        assertThat(directory.resolve("broker-1/broker.log")).isNotEmptyFile();
        assertThat(temporary.broker(1).log().resolve("../..").normalize()).doesNotExist();
    }

    private static String commandOf(ProcessHandle process) {
        return process.info().commandLine().orElse("");
    }
}
