package dev.kafkaboot.autoconfigure;

import dev.kafkaboot.client.ClientConfig;
import dev.kafkaboot.client.CommonConfig;
import dev.kafkaboot.client.ConfigException;
import dev.kafkaboot.client.ConfigKey;
import dev.kafkaboot.client.NearestName;
import dev.kafkaboot.client.admin.AdminConfig;
import dev.kafkaboot.client.cluster.ConnectionManager;
import dev.kafkaboot.client.consumer.ConsumerConfig;
import dev.kafkaboot.client.consumer.KafkaConsumer;
import dev.kafkaboot.client.consumer.KafkaShareConsumer;
import dev.kafkaboot.client.consumer.ShareConsumerConfig;
import dev.kafkaboot.client.producer.KafkaProducer;
import dev.kafkaboot.client.producer.ProducerConfig;
import dev.kafkaboot.client.serialization.Serializers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.unit.DataSize;

/**
 * Turns the properties into what each client is configured with, and checks all of it.
 *
 * <p>For every key, from weakest to strongest: the client's default, {@code kafka.*}, {@code kafka.properties.*}, the client's own property
 * ({@code kafka.producer.linger}), the client's own map ({@code kafka.producer.properties.*}). Servers come from the connection details.
 * Immutable once made; every fault of every client is told by one exception.
 */
final class KafkaSettings {

    private static final String SERVERS = CommonConfig.BOOTSTRAP_SERVERS.name();

    private final KafkaProperties properties;
    private final @Nullable String clientId;
    private final SecuritySettings security;
    private final Map<String, Object> beans;
    private final Map<Map<String, Object>, List<ConfigException.Fault>> checkedWays = new HashMap<>();
    private final ClientSettings connections;
    private final ClientSettings producer;
    private final ClientSettings consumer;
    private final ClientSettings shareConsumer;
    private final ClientSettings admin;

    /**
     * Reads and checks the properties.
     *
     * @param bundles the application's SSL bundles, or null if there are none
     * @param beans values that are given as objects, by their keys
     * @param applicationName the client id if none is given, or null
     * @throws InvalidKafkaPropertiesException if any of them cannot be right
     */
    KafkaSettings(
            KafkaProperties properties, KafkaConnectionDetails details, @Nullable SslBundles bundles, Map<String, Object> beans,
            @Nullable String applicationName, WrittenProperties written) {
        this.properties = properties;
        this.security = new SecuritySettings(properties, bundles, written);
        this.beans = beans;
        this.clientId = properties.getClientId() != null ? properties.getClientId() : applicationName;
        this.connections = shared(CommonConfig.KEYS, this::connectionFaults).put("client.id", clientId, "client-id");
        this.producer = producerSettings();
        this.consumer = consumerSettings();
        this.shareConsumer = shareConsumerSettings();
        this.admin = adminSettings();
        boolean fromProperties = details instanceof PropertiesKafkaConnectionDetails;
        connections.putServers(details.getBootstrapServers(), fromProperties ? serversOf("") : List.of(), written);
        producer.putServers(details.getProducerBootstrapServers(), fromProperties ? serversOf("producer.") : List.of(), written);
        consumer.putServers(details.getConsumerBootstrapServers(), fromProperties ? serversOf("consumer.") : List.of(), written);
        shareConsumer.putServers(details.getConsumerBootstrapServers(), fromProperties ? serversOf("consumer.") : List.of(), written);
        admin.putServers(details.getAdminBootstrapServers(), fromProperties ? serversOf("admin.") : List.of(), written);
        List.of(connections, producer, consumer, shareConsumer, admin).forEach(settings -> {
            security.putDetails(settings, details);
            SecuritySettings.dropUnused(settings, beans);
        });
        refuseFaults(written);
    }

    /** Where a client's servers may be written, in the order in which {@link PropertiesKafkaConnectionDetails} looks. */
    private static List<ClientSettings.Source> serversOf(String client) {
        List<ClientSettings.Source> sources = new ArrayList<>();
        if (!client.isEmpty()) {
            sources.add(new ClientSettings.Source(client + "properties", SERVERS));
            sources.add(new ClientSettings.Source(client + "bootstrap-servers", null));
        }
        sources.add(new ClientSettings.Source("properties", SERVERS));
        sources.add(new ClientSettings.Source("bootstrap-servers", null));
        return sources;
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

    ClientSettings shareConsumer() {
        return shareConsumer;
    }

    ClientSettings admin() {
        return admin;
    }

    private ClientSettings shared(Collection<ConfigKey<?>> keys, Function<Map<String, Object>, List<ConfigException.Fault>> together) {
        return withShared(new ClientSettings(keys, together));
    }

    /** Adds what all clients have. */
    private ClientSettings withShared(ClientSettings settings) {
        beans.forEach((key, bean) -> settings.put(key, bean, key));
        security.putShared(settings);
        return settings.putKnown(properties.getProperties(), "properties");
    }

    /** Clients that connect in the same way are checked once: it reads files, and warns of what is not quite wrong. */
    private List<ConfigException.Fault> connectionFaults(Map<String, Object> values) {
        Map<String, Object> way = new LinkedHashMap<>(values);
        way.keySet().removeIf(name -> CommonConfig.CONNECTION_KEYS.stream().noneMatch(key -> key.name().equals(name)));
        return checkedWays.computeIfAbsent(way, unseen -> ConnectionManager.faults(ClientConfig.of(CommonConfig.KEYS, unseen)));
    }

    private static List<ConfigException.Fault> both(List<ConfigException.Fault> some, List<ConfigException.Fault> others) {
        List<ConfigException.Fault> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    /** A producer without servers is never made: to ask for one opens nothing, and tells what else is wrong. */
    private List<ConfigException.Fault> producerFaults(Map<String, Object> values) {
        return both(connectionFaults(values),
                faultsOfABuild(values, config -> KafkaProducer.builder(Serializers.bytes(), Serializers.bytes()).config(config).build()));
    }

    /** The group, without which nothing is committed, is mostly said by listeners, which commit by themselves. */
    private List<ConfigException.Fault> consumerFaults(Map<String, Object> values) {
        Map<String, Object> ofAListener = new LinkedHashMap<>(values);
        ofAListener.putIfAbsent(ConsumerConfig.GROUP_ID.name(), "of-a-listener");
        return both(connectionFaults(values),
                faultsOfABuild(ofAListener, config -> KafkaConsumer.builder(Serializers.bytes(), Serializers.bytes()).config(config).build()));
    }

    private List<ConfigException.Fault> shareConsumerFaults(Map<String, Object> values) {
        Map<String, Object> ofAListener = new LinkedHashMap<>(values);
        ofAListener.putIfAbsent(ShareConsumerConfig.GROUP_ID.name(), "of-a-listener");
        return both(connectionFaults(values),
                faultsOfABuild(ofAListener, config -> KafkaShareConsumer.builder(Serializers.bytes(), Serializers.bytes()).config(config).build()));
    }

    private static List<ConfigException.Fault> faultsOfABuild(Map<String, Object> values, Function<Map<String, Object>, AutoCloseable> build) {
        Map<String, Object> withoutServers = new LinkedHashMap<>(values);
        withoutServers.remove(SERVERS);
        try (AutoCloseable made = build.apply(withoutServers)) {
            throw new IllegalStateException(made + " was made without servers");
        } catch (ConfigException refused) {
            return refused.faults().stream().filter(fault -> !fault.key().equals(SERVERS)).toList();
        } catch (RuntimeException defect) {
            throw defect;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private ClientSettings producerSettings() {
        KafkaProducerProperties given = properties.getProducer();
        ClientSettings settings = withShared(new ClientSettings(ProducerConfig.KEYS, this::producerFaults, ProducerConfig::isOfATopic))
                .put("client.id", clientId, "client-id")
                .put("client.id", given.getClientId(), "producer.client-id")
                .put("acks", given.getAcks(), "producer.acks")
                .put("batch.size", bytes(given.getBatchSize()), "producer.batch-size")
                .put("buffer.memory", bytes(given.getBufferMemory()), "producer.buffer-memory")
                .put("compression.type", given.getCompressionType(), "producer.compression-type")
                .put("delivery.timeout.ms", given.getDeliveryTimeout(), "producer.delivery-timeout")
                .put("linger.ms", given.getLinger(), "producer.linger")
                .put("max.block.ms", given.getMaxBlock(), "producer.max-block")
                .put("max.request.size", bytes(given.getMaxRequestSize()), "producer.max-request-size")
                .put("partitioner.adaptive.partitioning.enable", given.getPartitionerAdaptive(), "producer.partitioner-adaptive")
                .put("partitioner.availability.timeout.ms", given.getPartitionerAvailabilityTimeout(), "producer.partitioner-availability-timeout")
                .put("partitioner.ignore.keys", given.getPartitionerIgnoreKeys(), "producer.partitioner-ignore-keys")
                .put("partitioner.rack.aware", given.getPartitionerRackAware(), "producer.partitioner-rack-aware")
                .put("retries", given.getRetries(), "producer.retries")
                .put("transactional.id", given.getTransactionalId(), "producer.transactional-id")
                .put("transaction.timeout.ms", given.getTransactionTimeout(), "producer.transaction-timeout")
                .put("transaction.two.phase.commit.enable", given.getTransactionTwoPhaseCommitEnable(), "producer.transaction-two-phase-commit-enable");
        security.putOwn(settings, given.getSecurity(), given.getSsl(), "producer.");
        given.getTopics().forEach((name, topic) -> putTopic(settings, name, topic));
        return settings.putAll(given.getProperties(), "producer.properties");
    }

    private static void putTopic(ClientSettings settings, String name, KafkaProducerTopicProperties topic) {
        String key = ProducerConfig.TOPIC_PREFIX + name + ".";
        String path = "producer.topics[" + name + "].";
        settings.put(key + "batch.size", bytes(topic.getBatchSize()), path + "batch-size")
                .put(key + "compression.type", topic.getCompressionType(), path + "compression-type")
                .put(key + "linger.ms", topic.getLinger(), path + "linger");
        String levelled = topic.levelledCompression();
        if (levelled != null) {
            settings.put(key + "compression." + levelled + ".level", topic.getCompressionLevel(), path + "compression-level");
        }
    }

    private ClientSettings consumerSettings() {
        KafkaConsumerProperties given = properties.getConsumer();
        ClientSettings settings = shared(ConsumerConfig.KEYS, this::consumerFaults);
        security.putOwn(settings, given.getSecurity(), given.getSsl(), "consumer.");
        return settings
                .put("client.id", clientId, "client-id")
                .put("client.id", given.getClientId(), "consumer.client-id")
                .put("enable.auto.commit", given.getEnableAutoCommit(), "consumer.enable-auto-commit")
                .put("auto.commit.interval.ms", given.getAutoCommitInterval(), "consumer.auto-commit-interval")
                .put("commit.marks", given.getCommitMarks(), "consumer.commit-marks")
                .put("max.unmarked.records", given.getMaxUnmarkedRecords(), "consumer.max-unmarked-records")
                .put("auto.offset.reset", given.getAutoOffsetReset(), "consumer.auto-offset-reset")
                .put("fetch.max.wait.ms", given.getFetchMaxWait(), "consumer.fetch-max-wait")
                .put("fetch.min.bytes", bytes(given.getFetchMinSize()), "consumer.fetch-min-size")
                .put("group.id", given.getGroupId(), "consumer.group-id")
                .put("group.instance.id", given.getGroupInstanceId(), "consumer.group-instance-id")
                .put("group.protocol", given.getGroupProtocol(), "consumer.group-protocol")
                .put("group.remote.assignor", given.getGroupRemoteAssignor(), "consumer.group-remote-assignor")
                .put("heartbeat.interval.ms", given.getHeartbeatInterval(), "consumer.heartbeat-interval")
                .put("session.timeout.ms", given.getSessionTimeout(), "consumer.session-timeout")
                .put("isolation.level", given.getIsolationLevel(), "consumer.isolation-level")
                .put("max.poll.records", given.getMaxPollRecords(), "consumer.max-poll-records")
                .put("max.poll.interval.ms", given.getMaxPollInterval(), "consumer.max-poll-interval")
                .putAll(given.getProperties(), "consumer.properties");
    }

    /** Its connections are those of consumers, and so are its names for them. */
    private ClientSettings shareConsumerSettings() {
        KafkaConsumerProperties ofConsumers = properties.getConsumer();
        KafkaShareConsumerProperties given = properties.getShareConsumer();
        ClientSettings settings = shared(ShareConsumerConfig.KEYS, this::shareConsumerFaults);
        security.putOwn(settings, ofConsumers.getSecurity(), ofConsumers.getSsl(), "consumer.");
        settings.put("client.id", clientId, "client-id").put("client.id", ofConsumers.getClientId(), "consumer.client-id");
        putConnectionKeys(settings, ofConsumers.getProperties());
        return settings
                .put("client.id", given.getClientId(), "share-consumer.client-id")
                .put("share.acknowledgement.mode", given.getAcknowledgementMode(), "share-consumer.acknowledgement-mode")
                .put("share.acquire.mode", given.getAcquireMode(), "share-consumer.acquire-mode")
                .put("fetch.max.wait.ms", given.getFetchMaxWait(), "share-consumer.fetch-max-wait")
                .put("fetch.min.bytes", bytes(given.getFetchMinSize()), "share-consumer.fetch-min-size")
                .put("group.id", given.getGroupId(), "share-consumer.group-id")
                .put("max.poll.records", given.getMaxPollRecords(), "share-consumer.max-poll-records")
                .put("max.poll.interval.ms", given.getMaxPollInterval(), "share-consumer.max-poll-interval")
                .putAll(given.getProperties(), "share-consumer.properties");
    }

    /** What a map says of connections, whoever else it is for. */
    private static void putConnectionKeys(ClientSettings settings, Map<String, String> given) {
        Map<String, String> ofConnections = new LinkedHashMap<>(given);
        ofConnections.keySet().removeIf(name -> CommonConfig.CONNECTION_KEYS.stream().noneMatch(key -> key.name().equals(name)));
        settings.putAll(ofConnections, "consumer.properties");
    }

    private ClientSettings adminSettings() {
        KafkaAdminProperties given = properties.getAdmin();
        ClientSettings settings = shared(AdminConfig.KEYS, this::connectionFaults);
        security.putOwn(settings, given.getSecurity(), given.getSsl(), "admin.");
        return settings
                .put("client.id", clientId, "client-id")
                .put("client.id", given.getClientId(), "admin.client-id")
                .put("default.api.timeout.ms", given.getOperationTimeout(), "admin.operation-timeout")
                .putAll(given.getProperties(), "admin.properties");
    }

    private static @Nullable Long bytes(@Nullable DataSize size) {
        return size == null ? null : size.toBytes();
    }

    private void refuseFaults(WrittenProperties written) {
        // By property: what is given for all clients is told once.
        Map<String, InvalidKafkaPropertiesException.Fault> faults = new LinkedHashMap<>();
        security.faults().forEach(fault -> faults.putIfAbsent(fault.property(), fault));
        unknownToAll(written).forEach(fault -> faults.putIfAbsent(fault.property(), fault));
        for (ClientSettings client : List.of(connections, producer, consumer, shareConsumer, admin)) {
            client.faults(written).forEach(fault -> faults.putIfAbsent(fault.property(), fault));
        }
        OwnPropertyFaults.find(properties, written).forEach(fault -> faults.putIfAbsent(fault.property(), fault));
        UnreadProperties.faults(written).forEach(fault -> faults.putIfAbsent(fault.property(), fault));
        if (!faults.isEmpty()) {
            throw new InvalidKafkaPropertiesException(List.copyOf(faults.values()));
        }
    }

    private List<InvalidKafkaPropertiesException.Fault> unknownToAll(WrittenProperties written) {
        TreeSet<String> known = new TreeSet<>();
        List.of(CommonConfig.KEYS, ProducerConfig.KEYS, ConsumerConfig.KEYS, ShareConsumerConfig.KEYS, AdminConfig.KEYS)
                .forEach(keys -> keys.forEach(key -> known.add(key.name())));
        List<InvalidKafkaPropertiesException.Fault> faults = new ArrayList<>();
        properties.getProperties().forEach((key, value) -> {
            if (!known.contains(key) && !ProducerConfig.isOfATopic(key)) {
                String nearest = NearestName.of(key, known);
                WrittenProperties.Written found = written.find("properties", key);
                faults.add(new InvalidKafkaPropertiesException.Fault(
                        found == null ? "kafka.properties[" + key + "]" : found.name(),
                        UnreadProperties.shown(key, value),
                        found == null ? null : found.origin(),
                        "no client knows the key '" + key + "'" + (nearest == null ? "" : "; did you mean '" + nearest + "'?")));
            }
        });
        return faults;
    }
}
