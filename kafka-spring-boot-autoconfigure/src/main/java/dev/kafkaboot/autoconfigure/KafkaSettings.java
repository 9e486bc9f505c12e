package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.NearestName;
import dev.kafkaboot.client.admin.AdminConfig;
import dev.kafkaboot.client.consumer.ConsumerConfig;
import dev.kafkaboot.client.producer.ProducerConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Turns the properties into what each client is configured with, and checks all of it.
 *
 * <p>For every key, from weakest to strongest: the client's default, {@code kafka.*}, {@code kafka.properties.*}, the client's own property
 * ({@code kafka.producer.linger}), the client's own map ({@code kafka.producer.properties.*}). Servers come from the connection details.
 * Immutable once made; every fault of every client is told by one exception.
 */
final class KafkaSettings {

    private final KafkaProperties properties;
    private final @Nullable String clientId;
    private final ClientSettings connections;
    private final ClientSettings producer;
    private final ClientSettings consumer;
    private final ClientSettings admin;

    /**
     * Reads and checks the properties.
     *
     * @param applicationName the client id if none is given, or null
     * @throws InvalidKafkaPropertiesException if any of them cannot be right
     */
    KafkaSettings(KafkaProperties properties, KafkaConnectionDetails details, @Nullable String applicationName, WrittenProperties written) {
        this.properties = properties;
        this.clientId = properties.getClientId() != null ? properties.getClientId() : applicationName;
        this.connections = shared(CommonConfig.KEYS).put("client.id", clientId, "client-id");
        this.producer = producerSettings();
        this.consumer = consumerSettings();
        this.admin = adminSettings();
        connections.put("bootstrap.servers", details.getBootstrapServers(), "bootstrap-servers");
        producer.put("bootstrap.servers", details.getProducerBootstrapServers(), "producer.bootstrap-servers");
        consumer.put("bootstrap.servers", details.getConsumerBootstrapServers(), "consumer.bootstrap-servers");
        admin.put("bootstrap.servers", details.getAdminBootstrapServers(), "bootstrap-servers");
        refuseFaults(written);
    }

    /** What all clients have that share connections. */
    ClientSettings connections() {
        return connections;
    }

    ClientSettings producer() {
        return producer;
    }

    ClientSettings consumer() {
        return consumer;
    }

    ClientSettings admin() {
        return admin;
    }

    private ClientSettings shared(Collection<ConfigKey<?>> keys) {
        return new ClientSettings(keys).putKnown(properties.getProperties(), "properties");
    }

    private ClientSettings producerSettings() {
        KafkaProducerProperties given = properties.getProducer();
        return shared(ProducerConfig.KEYS)
                .put("client.id", given.getClientId() != null ? given.getClientId() : clientId, "producer.client-id")
                .put("acks", given.getAcks(), "producer.acks")
                .put("batch.size", bytes(given.getBatchSize()), "producer.batch-size")
                .put("buffer.memory", bytes(given.getBufferMemory()), "producer.buffer-memory")
                .put("compression.type", given.getCompressionType(), "producer.compression-type")
                .put("delivery.timeout.ms", given.getDeliveryTimeout(), "producer.delivery-timeout")
                .put("linger.ms", given.getLinger(), "producer.linger")
                .put("max.block.ms", given.getMaxBlock(), "producer.max-block")
                .put("max.request.size", bytes(given.getMaxRequestSize()), "producer.max-request-size")
                .put("retries", given.getRetries(), "producer.retries")
                .putAll(given.getProperties(), "producer.properties");
    }

    private ClientSettings consumerSettings() {
        KafkaConsumerProperties given = properties.getConsumer();
        return shared(ConsumerConfig.KEYS)
                .put("client.id", given.getClientId() != null ? given.getClientId() : clientId, "consumer.client-id")
                .put("enable.auto.commit", given.getEnableAutoCommit(), "consumer.enable-auto-commit")
                .put("auto.commit.interval.ms", given.getAutoCommitInterval(), "consumer.auto-commit-interval")
                .put("auto.offset.reset", given.getAutoOffsetReset(), "consumer.auto-offset-reset")
                .put("fetch.max.wait.ms", given.getFetchMaxWait(), "consumer.fetch-max-wait")
                .put("fetch.min.bytes", bytes(given.getFetchMinSize()), "consumer.fetch-min-size")
                .put("group.id", given.getGroupId(), "consumer.group-id")
                .put("heartbeat.interval.ms", given.getHeartbeatInterval(), "consumer.heartbeat-interval")
                .put("session.timeout.ms", given.getSessionTimeout(), "consumer.session-timeout")
                .put("isolation.level", given.getIsolationLevel(), "consumer.isolation-level")
                .put("max.poll.records", given.getMaxPollRecords(), "consumer.max-poll-records")
                .put("max.poll.interval.ms", given.getMaxPollInterval(), "consumer.max-poll-interval")
                .putAll(given.getProperties(), "consumer.properties");
    }

    private ClientSettings adminSettings() {
        KafkaAdminProperties given = properties.getAdmin();
        return shared(AdminConfig.KEYS)
                .put("client.id", given.getClientId() != null ? given.getClientId() : clientId, "admin.client-id")
                .put("default.api.timeout.ms", given.getOperationTimeout(), "admin.operation-timeout")
                .putAll(given.getProperties(), "admin.properties");
    }

    private static @Nullable Long bytes(@Nullable DataSize size) {
        return size == null ? null : size.toBytes();
    }

    private void refuseFaults(WrittenProperties written) {
        // By property: what is given for all clients is told once.
        Map<String, InvalidKafkaPropertiesException.Fault> faults = new LinkedHashMap<>();
        unknownToAll(written).forEach(fault -> faults.putIfAbsent(fault.property(), fault));
        for (ClientSettings client : List.of(connections, producer, consumer, admin)) {
            client.faults(written).forEach(fault -> faults.putIfAbsent(fault.property(), fault));
        }
        UnreadProperties.faults(written).forEach(fault -> faults.putIfAbsent(fault.property(), fault));
        if (!faults.isEmpty()) {
            throw new InvalidKafkaPropertiesException(List.copyOf(faults.values()));
        }
    }

    private List<InvalidKafkaPropertiesException.Fault> unknownToAll(WrittenProperties written) {
        TreeSet<String> known = new TreeSet<>();
        List.of(CommonConfig.KEYS, ProducerConfig.KEYS, ConsumerConfig.KEYS, AdminConfig.KEYS)
                .forEach(keys -> keys.forEach(key -> known.add(key.name())));
        List<InvalidKafkaPropertiesException.Fault> faults = new ArrayList<>();
        properties.getProperties().forEach((key, value) -> {
            if (!known.contains(key)) {
                String nearest = NearestName.of(key, known);
                WrittenProperties.Written found = written.find("properties", key);
                faults.add(new InvalidKafkaPropertiesException.Fault(
                        found == null ? "kafka.properties[" + key + "]" : found.name(),
                        UnreadProperties.shown(key, value),
                        found == null ? null : found.origin(),
                        SecurityNames.isKey(key)
                                ? SecurityNames.REASON
                                : "no client knows the key '" + key + "'" + (nearest == null ? "" : "; did you mean '" + nearest + "'?")));
            }
        });
        return faults;
    }
}
