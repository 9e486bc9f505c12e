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
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Transactions on three real brokers, of which one after the other is killed, frozen and restarted: at read_committed, what was committed is read, once and in
 * order, and what was not is never read.
 *
 * <p>One fault after the other is what a build has time for. {@code -Dfaults.seconds=600 -Dfaults.seed=7} adds what is drawn from a seed, up to two at a time
 * and those of connections among them, for as long as one likes with either protocol. Real threads and processes make no two runs the same: a seed repeats the
 * faults, and not what comes of them.
 */
@KafkaCluster(brokers = 3, shared = false)
class RealTransactionsTest {

    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("faults.seconds", 0));
    private static final long SEED = Long.getLong("faults.seed", 1);
    private static final int PARTITIONS = 3;

    /** How long faults last at most; they end sooner when everybody gets on in spite of them. */
    private static final Duration ROUND = Duration.ofSeconds(4);

    private final RealKafka kafka;

    RealTransactionsTest(RealKafka kafka) {
        this.kafka = kafka;
    }

    /** With KIP-890's second part, and without. */
    @ParameterizedTest
    @CsvSource({"2, BREAK_TRANSACTIONS KILL PAUSE", "1, BREAK_TRANSACTIONS STOP"})
    @Timeout(3_600)
    void committedTransactionsAreReadAndNoOthers(short version, String faults) throws Exception {
        setTransactionVersion(version);
        String topic = "orders-" + version;
        kafka.createTopic(topic, PARTITIONS, 3, Map.of("min.insync.replicas", "2"));
        History history = History.inRealTime();
        Disturbance disturbance;
        int committed;
        int committedAtLast;
        try (FaultProxy proxy = FaultProxy.start(kafka.bootstrapServers(), SEED)) {
            TransactionWorkload workload = new TransactionWorkload(history, proxy.bootstrapServers(), topic, PARTITIONS, SEED);
            disturbance = new Disturbance(kafka, proxy, SEED, RealFault.ofTransactions());
            workload.start();
            awaitProgress(workload);
            for (String fault : faults.split(" ")) {
                disturbance.begin(RealFault.valueOf(fault));
                Workers.awaitProgress(workload::committedByEach, 10, ROUND);
                disturbance.heal();
            }
            for (long end = System.nanoTime() + LENGTH.toNanos(); System.nanoTime() - end < 0; ) {
                awaitProgress(workload);
                disturbance.begin();
                Workers.awaitProgress(workload::committedByEach, 100, ROUND);
                disturbance.heal();
            }
            committedAtLast = awaitProgress(workload);
            assertThat(workload.stop()).as("%s", disturbance.done()).isEmpty();
            workload.readAll();
            committed = workload.committed();
        }

        Report report = HistoryChecker.check(history, Expectations.exactlyOnce().finalReadsDone());

        if (!report.anomalies().isEmpty()) {
            report.writeHtml(Path.of("target", "real-transactions-" + version + "-" + SEED + ".html"));
        }
        assertThat(report.anomalies()).as("faults: %s%n%s", disturbance.done(), report.text()).isEmpty();
        assertThat(history.operations()).filteredOn(operation -> operation.outcome() == null).as("what has no outcome").isEmpty();
        assertThat(committedAtLast).as("transactions of each producer since all is well, of %s", committed).isGreaterThan(0);
    }

    /** Waits until each producer has committed something more; answers how much. */
    private static int awaitProgress(TransactionWorkload workload) {
        int before = workload.committedByEach();
        Workers.awaitProgress(workload::committedByEach, 10, Duration.ofSeconds(30));
        return workload.committedByEach() - before;
    }

    private void setTransactionVersion(short version) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            FeatureUpdate.UpgradeType type = version == 1 ? FeatureUpdate.UpgradeType.SAFE_DOWNGRADE : FeatureUpdate.UpgradeType.UPGRADE;
            admin.updateFeatures(Map.of("transaction.version", new FeatureUpdate(version, type)), new UpdateFeaturesOptions()).all().get();
        }
    }
}
