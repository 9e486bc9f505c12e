package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.PushTelemetryRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The metrics that the brokers of a {@link FakeKafka} want of clients (KIP-714), and those that they were given. They want none unless the cluster is made with
 * {@link FakeKafkaBuilder#clientMetrics}, as real ones without a plug-in that takes them.
 *
 * <p>Subscriptions are configurations of client metrics, which clients may alter too (IncrementalAlterConfigs).
 */
public final class FakeTelemetry {

    /** What brokers take in a push, by default ({@code telemetry.max.bytes}). */
    private static final int DEFAULT_MAX_BYTES = 1024 * 1024;

    private static final int DEFAULT_INTERVAL_MILLIS = 5 * 60 * 1000;

    private final FakeKafka cluster;
    private final Map<Integer, Map<Uuid, TelemetryInstance>> instances = new TreeMap<>();
    private final List<FakePush> pushes = new ArrayList<>();
    private int maxBytes = DEFAULT_MAX_BYTES;
    private boolean deltaTemporality = true;
    private List<Byte> compressionTypes = List.of((byte) 4, (byte) 3, (byte) 1, (byte) 2);

    FakeTelemetry(FakeKafka cluster) {
        this.cluster = cluster;
    }

    /**
     * Makes a subscription, or changes it.
     *
     * @param name the name of the resource
     * @param configs {@code metrics}, {@code interval.ms} and {@code match}; the fake knows neither addresses nor ports of clients, and matches them as empty
     * @throws IllegalArgumentException if they are not allowed
     */
    public void subscribe(String name, Map<String, String> configs) {
        Problem problem = TelemetryConfigs.check(new TreeMap<>(configs));
        if (problem != null) {
            throw new IllegalArgumentException(problem.message());
        }
        Map<String, String> set = cluster.configs().of(Configs.Kind.CLIENT_METRICS.code(), name);
        set.clear();
        set.putAll(configs);
    }

    /** Takes a subscription back. */
    public void unsubscribe(String name) {
        cluster.configs().of(Configs.Kind.CLIENT_METRICS.code(), name).clear();
    }

    /** How much a push may hold ({@code telemetry.max.bytes}); a mebibyte, if it is not said. */
    public void maxBytes(int bytes) {
        maxBytes = bytes;
    }

    int maxBytes() {
        return maxBytes;
    }

    /** Whether counts are to be told since the push before, as all brokers up to 4.4 want, or since the client began. */
    public void deltaTemporality(boolean delta) {
        deltaTemporality = delta;
    }

    boolean deltaTemporality() {
        return deltaTemporality;
    }

    /** Which compression is accepted, by the numbers of batches, the preferred first; zstd, lz4, gzip and snappy, if it is not said. */
    public void compressionTypes(List<Byte> types) {
        compressionTypes = List.copyOf(types);
    }

    List<Byte> compressionTypes() {
        return compressionTypes;
    }

    /** What was taken, in the order of its coming. */
    public List<FakePush> pushes() {
        return List.copyOf(pushes);
    }

    /** What a client instance is to a broker, which knows only those that have asked it. */
    TelemetryInstance instance(Exchange<?, ?> exchange, Uuid id) {
        return instances.computeIfAbsent(exchange.broker().id(), broker -> new TreeMap<>(FakeTelemetry::compare))
                .computeIfAbsent(id, unknown -> new TelemetryInstance());
    }

    private static int compare(Uuid one, Uuid other) {
        int high = Long.compare(one.mostSignificantBits(), other.mostSignificantBits());
        return high != 0 ? high : Long.compare(one.leastSignificantBits(), other.leastSignificantBits());
    }

    /**
     * What a client is wanted to push.
     *
     * @param id changes with the metrics and with the interval
     * @param intervalMillis how often
     * @param metrics the beginnings of the names; none if nothing is wanted
     */
    record Wanted(int id, int intervalMillis, List<String> metrics) {}

    Wanted wantedOf(Exchange<?, ?> exchange, Uuid instance) {
        TreeSet<String> metrics = new TreeSet<>();
        OptionalInt interval = OptionalInt.empty();
        for (Map<String, String> subscription : cluster.configs().clientMetrics()) {
            String names = subscription.getOrDefault(TelemetryConfigs.METRICS, "");
            if (!names.isEmpty() && TelemetryConfigs.matches(subscription, facts(exchange, instance))) {
                metrics.addAll(Arrays.stream(names.split(",", -1)).map(String::strip).toList());
                String own = subscription.get(TelemetryConfigs.INTERVAL);
                int millis = own == null ? DEFAULT_INTERVAL_MILLIS : Integer.parseInt(own);
                interval = OptionalInt.of(Math.min(interval.orElse(Integer.MAX_VALUE), millis));
            }
        }
        if (metrics.contains(TelemetryConfigs.EVERYTHING)) {
            metrics.clear();
            metrics.add(TelemetryConfigs.EVERYTHING);
        }
        int millis = interval.orElse(DEFAULT_INTERVAL_MILLIS);
        CRC32C crc = new CRC32C();
        crc.update((metrics + "/" + millis).getBytes(StandardCharsets.UTF_8));
        return new Wanted((int) crc.getValue() ^ instance.hashCode(), millis, List.copyOf(metrics));
    }

    private static Map<String, String> facts(Exchange<?, ?> exchange, Uuid instance) {
        return Map.of(
                "client_instance_id", instance.toString(),
                "client_id", text(exchange.clientId()),
                "client_software_name", exchange.connection().softwareName(),
                "client_software_version", exchange.connection().softwareVersion(),
                "client_source_address", "",
                "client_source_port", "");
    }

    private static String text(@Nullable String maybe) {
        return maybe == null ? "" : maybe;
    }

    void pushed(Exchange<?, ?> exchange, PushTelemetryRequest request, byte[] plain) {
        pushes.add(FakePush.of(exchange, request, plain, cluster.nowNanos()));
    }
}
