package dev.kafkaboot.client.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.test.RealKafka;
import dev.kafkaboot.test.history.Expectations;
import dev.kafkaboot.test.history.History;
import dev.kafkaboot.test.history.HistoryChecker;
import dev.kafkaboot.test.history.Report;
import dev.kafkaboot.test.junit.KafkaCluster;
import dev.kafkaboot.test.proxy.FaultProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Three real brokers behind a proxy, clients that send and read, and faults drawn from a seed, none to two at a time, until the last ones are healed.
 *
 * <p>{@code -Dfaults.seconds=600 -Dfaults.seed=7} makes it as long as one likes, with other faults. Real threads and processes make no two runs the same: a
 * seed repeats the faults, and not what comes of them.
 */
class RealFaultsTest {

    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("faults.seconds", 40));
    private static final long SEED = Long.getLong("faults.seed", 1);
    private static final int PARTITIONS = 4;

    /** How long one combination lasts at most; it ends sooner when there was progress beside it. */
    private static final Duration ROUND = Duration.ofSeconds(4);

    @Test
    @KafkaCluster(brokers = 3, shared = false)
    void nothingAcknowledgedIsLostAndNothingIsSkipped(RealKafka kafka) throws Exception {
        kafka.createTopic("orders", PARTITIONS, 3, Map.of("min.insync.replicas", "2"));
        History history = History.inRealTime();
        Disturbance disturbance;
        int acknowledged;
        try (FaultProxy proxy = FaultProxy.start(kafka.bootstrapServers(), SEED)) {
            Workload workload = new Workload(history, proxy.bootstrapServers(), "orders", PARTITIONS);
            disturbance = new Disturbance(kafka, proxy, SEED, RealFault.withoutTransactions());
            workload.start();
            long end = System.nanoTime() + LENGTH.toNanos();
            while (System.nanoTime() - end < 0) {
                Workers.awaitProgress(workload::acknowledged, 500, ROUND);
                disturbance.begin();
                Workers.awaitProgress(workload::acknowledged, 2_000, ROUND);
                disturbance.heal();
            }
            Workers.awaitProgress(workload::acknowledged, 500, Duration.ofSeconds(30));
            assertThat(workload.stop()).as("%s", disturbance.done()).isEmpty();
            workload.readAll();
            acknowledged = workload.acknowledged();
        }

        Report report = HistoryChecker.check(
                history, Expectations.exactlyOnce().readUncommitted().startsAtEarliest().finalReadsDone());

        if (!report.anomalies().isEmpty()) {
            report.writeHtml(Path.of("target", "real-faults-" + SEED + ".html"));
        }
        assertThat(report.anomalies()).as("faults: %s%n%s", disturbance.done(), report.text()).isEmpty();
        assertThat(history.operations()).filteredOn(operation -> operation.outcome() == null).as("what has no outcome").isEmpty();
        assertThat(acknowledged).as("records acknowledged in spite of %s", disturbance.done()).isGreaterThan(500);
    }
}
