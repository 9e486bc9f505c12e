package dev.kafkaboot.benchmarks;

import java.util.Map;
import java.util.TreeMap;

/**
 * The settings that both clients get, by Kafka's names, and nothing else differs. With acks=all both are idempotent, with acks=1 neither is: so it is by
 * default on both sides.
 */
final class Settings {

    static final int FETCH_BYTES = 50 * 1024 * 1024;
    static final int PARTITION_FETCH_BYTES = 1024 * 1024;

    private Settings() {}

    static Map<String, Object> producer(Run run) {
        Map<String, Object> settings = new TreeMap<>();
        settings.put("bootstrap.servers", run.bootstrap());
        settings.putAll(security(run));
        settings.put("acks", run.scenario().acks());
        settings.put("compression.type", run.scenario().codec());
        settings.put("linger.ms", 5);
        settings.put("batch.size", 16_384);
        settings.put("buffer.memory", 32 * 1024 * 1024L);
        settings.put("max.request.size", 1024 * 1024);
        settings.put("delivery.timeout.ms", 120_000);
        if (run.scenario().transaction() > 0) {
            settings.put("transactional.id", run.topic());
        }
        return settings;
    }

    static Map<String, Object> consumer(Run run) {
        Map<String, Object> settings = new TreeMap<>();
        settings.put("bootstrap.servers", run.bootstrap());
        settings.putAll(security(run));
        settings.put("enable.auto.commit", false);
        settings.put("fetch.max.bytes", FETCH_BYTES);
        settings.put("max.partition.fetch.bytes", PARTITION_FETCH_BYTES);
        settings.put("max.poll.records", 500);
        return settings;
    }

    private static Map<String, Object> security(Run run) {
        return run.scenario().tls() ? BrokerCertificate.ofClient(run.trust()) : Map.of();
    }
}
