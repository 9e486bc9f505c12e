package dev.kafkaboot.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration keys that every client has. */
public final class CommonConfig {

    /** Where to find the cluster. */
    public static final ConfigKey<List<String>> BOOTSTRAP_SERVERS = ConfigKey.list(
            "bootstrap.servers", null,
            "Brokers to ask first, as host:port, separated by commas. The rest of the cluster is learnt from them.");

    /** The name that brokers log and count requests under. */
    public static final ConfigKey<String> CLIENT_ID = ConfigKey.string(
            "client.id", "kafkaboot", "Name under which brokers log, count and throttle the requests of this client.");

    /** The broker's rack that is nearest. */
    public static final ConfigKey<String> CLIENT_RACK = ConfigKey.string(
            "client.rack", null,
            "Rack that this client is in. A consumer fetches from the replica that the leader names for it, which is one of this rack if there is one (KIP-392); "
                    + "a producer sends to leaders in it if partitioner.rack.aware says so (KIP-1123).");

    /** How the connection is protected. */
    public static final ConfigKey<SecurityProtocol> SECURITY_PROTOCOL = ConfigKey.choice(
            "security.protocol", SecurityProtocol.PLAINTEXT, protocols(),
            "How connections are protected: not at all, by TLS, by SASL, or by both.");

    private static Map<String, SecurityProtocol> protocols() {
        Map<String, SecurityProtocol> byName = new LinkedHashMap<>();
        for (SecurityProtocol protocol : SecurityProtocol.values()) {
            byName.put(protocol.name(), protocol);
        }
        return byName;
    }

    /** Limit of a blocking call. */
    public static final ConfigKey<Duration> DEFAULT_API_TIMEOUT = ConfigKey.millis(
            "default.api.timeout.ms", Duration.ofSeconds(60), Duration.ZERO,
            "Limit of a call that waits and is given no limit of its own.");

    /** Limit of one request. */
    public static final ConfigKey<Duration> REQUEST_TIMEOUT = ConfigKey.millis(
            "request.timeout.ms", Duration.ofSeconds(30), Duration.ofMillis(1),
            "Limit for the answer to one request, after which it may be tried again; a broker that has sent nothing for so long loses the connection.");

    /** First wait before a failed request is sent again. */
    public static final ConfigKey<Duration> RETRY_BACKOFF = ConfigKey.millis(
            "retry.backoff.ms", Duration.ofMillis(100), Duration.ZERO,
            "Wait before a failed request is tried again; it doubles with each failure, up to retry.backoff.max.ms.");

    /** Longest wait before a failed request is sent again. */
    public static final ConfigKey<Duration> RETRY_BACKOFF_MAX = ConfigKey.millis(
            "retry.backoff.max.ms", Duration.ofSeconds(1), Duration.ZERO, "Longest wait before a failed request is tried again.");

    /** First wait before a lost connection is made again. */
    public static final ConfigKey<Duration> RECONNECT_BACKOFF = ConfigKey.millis(
            "reconnect.backoff.ms", Duration.ofMillis(50), Duration.ZERO,
            "Wait before a broker that could not be reached is tried again; it doubles with each failure, up to reconnect.backoff.max.ms.");

    /** Longest wait before a lost connection is made again. */
    public static final ConfigKey<Duration> RECONNECT_BACKOFF_MAX = ConfigKey.millis(
            "reconnect.backoff.max.ms", Duration.ofSeconds(1), Duration.ZERO,
            "Longest wait before a broker that could not be reached is tried again.");

    /** Limit for setting up a connection. */
    public static final ConfigKey<Duration> CONNECTION_SETUP_TIMEOUT = ConfigKey.millis(
            "socket.connection.setup.timeout.ms", Duration.ofSeconds(10), Duration.ofMillis(1),
            "Limit for setting up a connection; it doubles with each failure, up to socket.connection.setup.timeout.max.ms (KIP-601).");

    /** Largest limit for setting up a connection. */
    public static final ConfigKey<Duration> CONNECTION_SETUP_TIMEOUT_MAX = ConfigKey.millis(
            "socket.connection.setup.timeout.max.ms", Duration.ofSeconds(30), Duration.ofMillis(1),
            "Largest limit for setting up a connection.");

    /** How long a connection may lie unused. */
    public static final ConfigKey<Duration> CONNECTIONS_MAX_IDLE = ConfigKey.millis(
            "connections.max.idle.ms", Duration.ofMinutes(9), Duration.ofMillis(1), "Connections that were not used for so long are closed.");

    /** How old metadata may become. */
    public static final ConfigKey<Duration> METADATA_MAX_AGE = ConfigKey.millis(
            "metadata.max.age.ms", Duration.ofMinutes(5), Duration.ofMillis(1),
            "Metadata is fetched anew when it is this old, even if nothing seems to have changed.");

    /** Whether the bootstrap servers are asked again. */
    public static final ConfigKey<MetadataRecovery> METADATA_RECOVERY = ConfigKey.choice(
            "metadata.recovery.strategy", MetadataRecovery.REBOOTSTRAP, recoveries(),
            "Whether the addresses in bootstrap.servers are asked again (rebootstrap) or not (none) when no known broker can be reached, a broker demands it, "
                    + "or a broker's address turns out to be another cluster's (KIP-899, KIP-1102).");

    private static Map<String, MetadataRecovery> recoveries() {
        Map<String, MetadataRecovery> byName = new LinkedHashMap<>();
        byName.put("rebootstrap", MetadataRecovery.REBOOTSTRAP);
        byName.put("none", MetadataRecovery.NONE);
        return byName;
    }

    /** How long known brokers are asked in vain. */
    public static final ConfigKey<Duration> METADATA_RECOVERY_TRIGGER = ConfigKey.millis(
            "metadata.recovery.rebootstrap.trigger.ms", Duration.ofMinutes(5), Duration.ZERO,
            "When known brokers have told nothing of the cluster for so long, although asked, the addresses in bootstrap.servers are asked again (KIP-1102).");

    /** Whether a broker of another cluster is found out. */
    public static final ConfigKey<Boolean> METADATA_CLUSTER_CHECK = ConfigKey.bool(
            "metadata.cluster.check.enable", true,
            "Whether a known broker that answers in the name of another cluster loses its connections, and the bootstrap servers are asked; it does not if "
                    + "metadata.recovery.strategy is none (KIP-1242, for brokers of any version).");

    /** The kernel's send buffer. */
    public static final ConfigKey<Integer> SEND_BUFFER = ConfigKey.integer(
            "send.buffer.bytes", -1, -1, Integer.MAX_VALUE, "Size of the socket's send buffer (SO_SNDBUF); -1 leaves it to the system.");

    /** The kernel's receive buffer. */
    public static final ConfigKey<Integer> RECEIVE_BUFFER = ConfigKey.integer(
            "receive.buffer.bytes", -1, -1, Integer.MAX_VALUE, "Size of the socket's receive buffer (SO_RCVBUF); -1 leaves it to the system.");

    /** The largest frame that is accepted. */
    public static final ConfigKey<Integer> RECEIVE_MESSAGE_MAX = ConfigKey.integer(
            "receive.message.max.bytes", 100 * 1024 * 1024, 1024, Integer.MAX_VALUE,
            "Largest answer that is accepted from a broker; a larger one costs the connection.");

    private static final List<ConfigKey<?>> LAYERS = all(SslConfig.KEYS, SaslConfig.KEYS, ProxyConfig.KEYS);

    /** Every common key, in the order of the reference. */
    public static final List<ConfigKey<?>> KEYS = all(
            List.of(BOOTSTRAP_SERVERS, CLIENT_ID, CLIENT_RACK, SECURITY_PROTOCOL, DEFAULT_API_TIMEOUT, REQUEST_TIMEOUT, RETRY_BACKOFF,
                    RETRY_BACKOFF_MAX, RECONNECT_BACKOFF, RECONNECT_BACKOFF_MAX, CONNECTION_SETUP_TIMEOUT, CONNECTION_SETUP_TIMEOUT_MAX,
                    CONNECTIONS_MAX_IDLE, METADATA_MAX_AGE, METADATA_RECOVERY, METADATA_RECOVERY_TRIGGER, METADATA_CLUSTER_CHECK, SEND_BUFFER,
                    RECEIVE_BUFFER, RECEIVE_MESSAGE_MAX),
            LAYERS, TelemetryConfig.KEYS);

    /** Those of the common keys that concern the connections and the metadata: clients that share these share the values too. */
    public static final List<ConfigKey<?>> CONNECTION_KEYS = all(
            List.of(BOOTSTRAP_SERVERS, SECURITY_PROTOCOL, RECONNECT_BACKOFF, RECONNECT_BACKOFF_MAX, CONNECTION_SETUP_TIMEOUT,
                    CONNECTION_SETUP_TIMEOUT_MAX, CONNECTIONS_MAX_IDLE, METADATA_MAX_AGE, METADATA_RECOVERY, METADATA_RECOVERY_TRIGGER, METADATA_CLUSTER_CHECK,
                    SEND_BUFFER, RECEIVE_BUFFER, RECEIVE_MESSAGE_MAX),
            LAYERS);

    @SafeVarargs
    private static List<ConfigKey<?>> all(List<ConfigKey<?>>... lists) {
        List<ConfigKey<?>> all = new ArrayList<>();
        for (List<ConfigKey<?>> list : lists) {
            all.addAll(list);
        }
        return List.copyOf(all);
    }

    private CommonConfig() {}
}
