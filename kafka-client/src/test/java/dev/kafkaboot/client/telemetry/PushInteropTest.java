package dev.kafkaboot.client.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.admin.KafkaAdminClient;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.consumer.OffsetResetPolicy;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.serialization.Serializers;
import dev.kafkaboot.test.RealKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real broker with a plug-in that takes metrics: what it gets of this client is what it gets of Apache's, metric by metric. */
@Timeout(300)
class PushInteropTest {

    private static final String PREFIX = "org.apache.kafka.";

    /** What the KIP requires of a producer and of a consumer. */
    private static final List<String> OF_PRODUCERS = List.of(
            "producer.connection.creation.rate", "producer.connection.creation.total", "producer.node.request.latency.avg",
            "producer.node.request.latency.max", "producer.produce.throttle.time.avg", "producer.produce.throttle.time.max",
            "producer.record.queue.time.avg", "producer.record.queue.time.max");

    private static final List<String> OF_CONSUMERS = List.of(
            "consumer.connection.creation.rate", "consumer.connection.creation.total", "consumer.node.request.latency.avg",
            "consumer.node.request.latency.max", "consumer.poll.idle.ratio.avg", "consumer.coordinator.commit.latency.avg",
            "consumer.coordinator.commit.latency.max", "consumer.coordinator.assigned.partitions", "consumer.coordinator.rebalance.latency.avg",
            "consumer.coordinator.rebalance.latency.max", "consumer.coordinator.rebalance.latency.total", "consumer.fetch.manager.fetch.latency.avg",
            "consumer.fetch.manager.fetch.latency.max");

    /** What there is in both clients of the members of share groups, of which the KIP says nothing, and what it requires of admin clients. */
    private static final List<String> OF_SHARE_CONSUMERS = List.of(
            "consumer.connection.creation.rate", "consumer.connection.creation.total", "consumer.node.request.latency.avg",
            "consumer.node.request.latency.max", "consumer.share.poll.idle.ratio.avg", "consumer.share.fetch.manager.fetch.latency.avg",
            "consumer.share.fetch.manager.fetch.latency.max");
    private static final List<String> OF_ADMIN_CLIENTS = List.of(
            "admin.client.connection.creation.rate", "admin.client.connection.creation.total", "admin.client.node.request.latency.avg",
            "admin.client.node.request.latency.max");

    /** The application's own; the names are those that Apache's client makes of its group and its names. */
    private static final List<String> OF_APPLICATION = List.of("shop.orders.open", "shop.orders.total");

    @TempDir
    private static Path directory;

    private static PushReceiver receiver;
    private static RealKafka kafka;

    @BeforeAll
    static void start() throws IOException, InterruptedException, ExecutionException {
        receiver = new PushReceiver();
        kafka = RealKafka.builder()
                .classPath(PushReceiver.classPathWithPlugin(directory))
                .property("metric.reporters", ReceivingPlugin.class.getName())
                .property(ReceivingPlugin.PORT, Integer.toString(receiver.port()))
                .start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "all"), List.of(
                    new AlterConfigOp(new ConfigEntry("metrics", "*"), AlterConfigOp.OpType.SET),
                    new AlterConfigOp(new ConfigEntry("interval.ms", "1000"), AlterConfigOp.OpType.SET)))).all().get();
        }
        kafka.createTopic("orders", 2);
    }

    @AfterAll
    static void stop() throws IOException {
        kafka.close();
        receiver.close();
    }

    /** Kind and labels of the metrics of some names. */
    private static Map<String, String> shape(ReceivedPush push, List<String> names) {
        Map<String, String> shape = new TreeMap<>();
        push.metrics().metrics().forEach((name, metric) -> {
            if (name.startsWith(PREFIX) && names.contains(name.substring(PREFIX.length()))) {
                Set<String> labels = new TreeSet<>();
                metric.values().keySet().forEach(each -> labels.addAll(each.keySet()));
                shape.put(name, metric.kind() + " " + labels);
            }
        });
        return shape;
    }

    /**
     * What a client pushes until every metric was among it, wherever the broker's interval cuts: a metric that nothing happens to is left out of a push of ours.
     *
     * @param work done until then again and again; null only waits
     */
    private static ReceivedPush gather(String clientId, List<String> names, @Nullable Runnable work) throws InterruptedException {
        Predicate<ReceivedPush> wanted = push -> push.clientId().equals(clientId);
        ReceivedPush all = null;
        while (all == null || shape(all, names).size() < names.size()) {
            if (work != null) {
                work.run();
            }
            ReceivedPush next = work == null ? receiver.await(wanted) : receiver.poll(wanted);
            if (next != null) {
                all = all == null ? next : all.with(next);
            }
        }
        return all;
    }

    @Test
    void producersPushWhatApachesPush() throws Exception {
        ReceivedPush theirs;
        try (org.apache.kafka.clients.producer.KafkaProducer<String, String> apaches = new org.apache.kafka.clients.producer.KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "client.id", "apaches-producer"), new StringSerializer(), new StringSerializer())) {
            apaches.send(new ProducerRecord<>("orders", "value")).get();
            theirs = gather("apaches-producer", OF_PRODUCERS, null);
        }
        ReceivedPush ours;
        ReceivedPush last;
        try (KafkaProducer<String, String> producer = KafkaProducer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers()).clientId("producer").transactionalId("billing").build()) {
            producer.initTransactions();
            producer.inTransaction(transaction -> transaction.send("orders", "value"));
            ours = gather("producer", OF_PRODUCERS, null);
            assertThat(ours.clientInstanceId()).isEqualTo(producer.clientInstanceId(Duration.ofSeconds(10)).toString());
        }
        last = receiver.await(push -> push.clientId().equals("producer") && push.terminating());

        assertThat(shape(ours, OF_PRODUCERS)).isEqualTo(shape(theirs, OF_PRODUCERS));
        assertThat(theirs.metrics().metrics()).containsKeys(ours.metrics().metrics().keySet().toArray(String[]::new));
        assertThat(ours.metrics().labels()).containsEntry("transactional_id", "billing");
        assertThat(ours.metrics().metric(PREFIX + "producer.node.request.latency.avg").values().keySet())
                .isSubsetOf(theirs.metrics().metric(PREFIX + "producer.node.request.latency.avg").values().keySet());
        assertThat(last.clientInstanceId()).isEqualTo(ours.clientInstanceId());
    }

    @Test
    void consumersPushWhatApachesPush() throws Exception {
        ReceivedPush theirs;
        try (org.apache.kafka.clients.consumer.KafkaConsumer<String, String> apaches = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "client.id", "apaches-consumer", "group.id", "apaches", "group.instance.id", "one"),
                new StringDeserializer(), new StringDeserializer())) {
            apaches.subscribe(List.of("orders"));
            theirs = gather("apaches-consumer", OF_CONSUMERS, () -> {
                apaches.poll(Duration.ofMillis(100));
                apaches.commitSync();
            });
        }
        ReceivedPush ours;
        try (KafkaConsumer<String, String> consumer = KafkaConsumer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers()).clientId("consumer").groupId("ours").groupInstanceId("one").autoCommit(false)
                .autoOffsetReset(OffsetResetPolicy.EARLIEST).build()) {
            consumer.subscribe(List.of("orders"));
            ours = gather("consumer", OF_CONSUMERS, () -> {
                consumer.poll(Duration.ofMillis(100));
                consumer.commit();
            });
        }

        assertThat(shape(ours, OF_CONSUMERS)).isEqualTo(shape(theirs, OF_CONSUMERS));
        assertThat(theirs.metrics().metrics()).containsKeys(ours.metrics().metrics().keySet().toArray(String[]::new));
        assertThat(ours.metrics().value(PREFIX + "consumer.coordinator.assigned.partitions")).isEqualTo(2);
        assertThat(ours.metrics().labels().keySet()).isEqualTo(theirs.metrics().labels().keySet());
    }

    @Test
    void shareConsumersPushWhatApachesPush() throws Exception {
        ReceivedPush theirs;
        try (org.apache.kafka.clients.consumer.KafkaShareConsumer<String, String> apaches = new org.apache.kafka.clients.consumer.KafkaShareConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "client.id", "apaches-share-consumer", "group.id", "apaches-share"),
                new StringDeserializer(), new StringDeserializer())) {
            apaches.subscribe(List.of("orders"));
            theirs = gather("apaches-share-consumer", OF_SHARE_CONSUMERS, () -> apaches.poll(Duration.ofMillis(100)));
        }
        ReceivedPush ours;
        try (KafkaShareConsumer<String, String> consumer = KafkaShareConsumer.builder(Serializers.string(), Serializers.string())
                .bootstrapServers(kafka.bootstrapServers()).clientId("share-consumer").groupId("ours-share").build()) {
            consumer.subscribe(List.of("orders"));
            ours = gather("share-consumer", OF_SHARE_CONSUMERS, () -> consumer.poll(Duration.ofMillis(100)));
        }

        assertThat(shape(ours, OF_SHARE_CONSUMERS)).isEqualTo(shape(theirs, OF_SHARE_CONSUMERS));
        assertThat(theirs.metrics().metrics()).containsKeys(ours.metrics().metrics().keySet().toArray(String[]::new));
        assertThat(ours.metrics().labels().keySet()).isEqualTo(theirs.metrics().labels().keySet());
    }

    @Test
    void adminClientsPushWhatApachesPushAndSoTheyDoOfWhatTheApplicationRegisters() throws Exception {
        List<String> names = Stream.concat(OF_ADMIN_CLIENTS.stream(), OF_APPLICATION.stream()).toList();
        ReceivedPush theirs;
        try (Admin apaches = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers(), "client.id", "apaches-admin", "enable.metrics.push", true))) {
            apaches.registerMetricForSubscription(new KafkaMetric(new Object(), new MetricName("open", "shop-orders", "Orders that are open", Map.of("region", "eu")),
                    (Gauge<Double>) (config, now) -> 3.0, new MetricConfig(), Time.SYSTEM));
            CumulativeSum total = new CumulativeSum();
            total.record(new MetricConfig(), 7, Time.SYSTEM.milliseconds());
            apaches.registerMetricForSubscription(new KafkaMetric(
                    new Object(), new MetricName("total", "shop-orders", "", Map.of()), total, new MetricConfig(), Time.SYSTEM));
            apaches.listTopics().names().get();
            theirs = gather("apaches-admin", names, null);
        }
        ReceivedPush ours;
        try (KafkaAdminClient admin = KafkaAdminClient.builder().bootstrapServers(kafka.bootstrapServers()).clientId("admin").build()) {
            admin.applicationMetrics().register(ApplicationMetric.gauge(PREFIX + "shop.orders.open", () -> 3).describedAs("Orders that are open").label("region", "eu"));
            admin.applicationMetrics().register(ApplicationMetric.counter(PREFIX + "shop.orders.total", () -> 7));
            admin.topics().list().join();
            ours = gather("admin", names, null);
        }

        assertThat(shape(ours, names)).isEqualTo(shape(theirs, names));
        assertThat(theirs.metrics().metrics()).containsKeys(ours.metrics().metrics().keySet().toArray(String[]::new));
        assertThat(ours.metrics().metric(PREFIX + "shop.orders.open").values()).isEqualTo(theirs.metrics().metric(PREFIX + "shop.orders.open").values());
        assertThat(ours.metrics().labels().keySet()).isEqualTo(theirs.metrics().labels().keySet());
    }
}
