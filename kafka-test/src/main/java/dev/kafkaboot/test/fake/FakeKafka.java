package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.RequestMessage;
import dev.kafkaboot.protocol.ResponseMessage;
import dev.kafkaboot.protocol.Uuid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka cluster that is nothing but state: brokers, topics, logs, producers, groups and transactions.
 *
 * <p><b>Driving it.</b> {@link #connect} makes a connection to a broker, whose {@link FakeConnection#receive} takes what the client sends; the {@link Peer}
 * gets what the broker answers, within that call or within a later {@link #advanceTo}. Time stands still until {@code advanceTo} moves it;
 * {@link #nextDueNanos} tells when there will be something to do. Between two calls nothing happens.
 *
 * <p><b>What is inside.</b> A {@link FakeConnection} cuts bytes into requests and hands each, as an {@code Exchange}, to the {@code Api} that answers it. The
 * state is in {@code Topics} with their {@code PartitionLog}s and in the coordinators; it belongs to the cluster and not to a broker, as if every
 * record were replicated at once, but for what {@link FakeKafkaBuilder#replicationMillis} says. Who may answer for a partition or a group is decided by who leads it.
 *
 * <p>One thread at a time.
 */
public final class FakeKafka {

    private final FakeSettings settings;
    private final Timers timers;
    private final SplittableRandom random;
    private final String clusterId;
    private final TreeMap<Integer, FakeBroker> brokers = new TreeMap<>();
    private final Topics topics;
    private final Coordinators coordinators;
    private final GroupCoordinator groupCoordinator;
    private final ShareStates shareStates;
    private final List<Consumer<FakeShareEvent>> shareEventListeners = new ArrayList<>();
    private final Script script = new Script();
    private final Configs configs;
    private final Transactions transactions;
    private final FakeTelemetry telemetry;
    private final Apis apis;
    private final FakeSasl sasl = new FakeSasl();
    private long connections;

    FakeKafka(FakeSettings settings, Timers timers, int brokerCount) {
        this.settings = settings;
        this.timers = timers;
        this.random = new SplittableRandom(settings.seed());
        this.clusterId = Base64.getUrlEncoder().withoutPadding()
                .encodeToString(("fake-" + Long.toHexString(settings.seed())).getBytes(StandardCharsets.UTF_8));
        this.topics = new Topics(this);
        this.coordinators = new Coordinators(this);
        this.groupCoordinator = new GroupCoordinator(this);
        this.shareStates = new ShareStates(this);
        this.configs = new Configs(this);
        this.transactions = new Transactions(this);
        this.transactions.offsets(new GroupTransactionalOffsets(this));
        this.telemetry = new FakeTelemetry(this);
        this.apis = new Apis(this);
        for (int id = 1; id <= brokerCount; id++) {
            addBroker(id, "broker-" + id, 9092, null);
        }
    }

    /** Configures a cluster. */
    public static FakeKafkaBuilder builder() {
        return new FakeKafkaBuilder();
    }

    // ---- driving

    /**
     * Connects a client to a broker.
     *
     * @param peer gets what the broker sends
     * @throws IllegalStateException if the broker does not run; whoever drives the cluster asks first and refuses the client
     */
    public FakeConnection connect(int brokerId, Peer peer) {
        FakeBroker broker = broker(brokerId);
        if (!broker.isRunning()) {
            throw new IllegalStateException(broker + " takes no connections");
        }
        FakeConnection connection = new FakeConnection(this, broker, peer, ++connections);
        broker.add(connection);
        return connection;
    }

    /** The cluster's time, in nanoseconds of whoever drives it. */
    public long nowNanos() {
        return timers.nowNanos();
    }

    /** When there will be something to do without a client's asking, if ever. */
    public OptionalLong nextDueNanos() {
        return timers.nextDueNanos();
    }

    /** Moves time on and does what is due by then. */
    public void advanceTo(long nanos) {
        timers.advanceTo(nanos);
    }

    // ---- out of the ordinary

    /** Begins a rule about requests of one kind: {@link Rule} tells the rest. */
    public <Q extends RequestMessage<R>, R extends ResponseMessage> Rule<Q, R> on(Class<Q> request) {
        return new Rule<>(script, request);
    }

    /** Takes back every rule. */
    public void clearRules() {
        script.clear();
    }

    // ---- users

    /** Who may use the cluster: everybody, until it has a user. */
    public FakeSasl sasl() {
        return sasl;
    }

    // ---- brokers

    /** The brokers by id, running or not. */
    public List<FakeBroker> brokers() {
        return List.copyOf(brokers.values());
    }

    /**
     * The broker with an id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public FakeBroker broker(int id) {
        FakeBroker broker = brokers.get(id);
        if (broker == null) {
            throw new IllegalArgumentException("There is no broker " + id + ", only " + brokers.keySet());
        }
        return broker;
    }

    /** Adds a broker, which holds nothing yet. */
    public FakeBroker addBroker(int id, String host, int port, @Nullable String rack) {
        if (brokers.containsKey(id)) {
            throw new IllegalArgumentException("There is a broker " + id + " already");
        }
        FakeBroker broker = new FakeBroker(this, id, host, port, rack);
        brokers.put(id, broker);
        return broker;
    }

    /** Stops a broker, hands what it holds to the others, and forgets it. */
    public void removeBroker(int id) {
        broker(id).stop();
        brokers.remove(id);
    }

    /** The broker that controls the cluster: the first that runs; -1 if none does. */
    public int controllerId() {
        return brokers.values().stream().filter(FakeBroker::isRunning).map(FakeBroker::id).findFirst().orElse(-1);
    }

    /** In order. */
    List<Integer> brokerIds() {
        return List.copyOf(brokers.keySet());
    }

    boolean isKnown(int brokerId) {
        return brokers.containsKey(brokerId);
    }

    boolean isRunning(int brokerId) {
        FakeBroker broker = brokers.get(brokerId);
        return broker != null && broker.isRunning();
    }

    // ---- topics

    /** Creates a topic with the cluster's default number of partitions. */
    public void createTopic(String name) {
        createTopic(name, settings.defaultPartitions());
    }

    /**
     * Creates a topic.
     *
     * @throws IllegalArgumentException if there is one of that name
     */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, settings.replicationFactor(), Map.of());
    }

    /**
     * Creates a topic.
     *
     * @param configs topic configuration, such as {@code min.insync.replicas}
     * @throws IllegalArgumentException if there is one of that name
     */
    public void createTopic(String name, int partitions, int replicationFactor, Map<String, String> configs) {
        topics.create(name, partitions, replicationFactor, configs, /* internal= */ false);
    }

    /**
     * Deletes a topic, with all that it holds.
     *
     * @throws IllegalArgumentException if there is none
     */
    public void deleteTopic(String name) {
        FakeTopic topic = topics.find(name);
        if (topic == null) {
            throw new IllegalArgumentException("There is no topic " + name);
        }
        topics.delete(topic);
    }

    /** The broker that leads a partition, or -1. */
    public int leaderOf(String topic, int partition) {
        return partition(topic, partition).leader();
    }

    /** Makes another broker the leader of a partition, at once and without loss. */
    public void moveLeader(String topic, int partition, int broker) {
        FakePartition moved = partition(topic, partition);
        broker(broker);
        if (!moved.replicas().contains(broker)) {
            throw new IllegalArgumentException("Broker " + broker + " holds no replica of " + moved + ", only " + moved.replicas());
        }
        moved.inSync().add(broker);
        topics.lead(moved, broker, /* lossy= */ false);
    }

    /**
     * What a partition holds.
     *
     * @throws IllegalArgumentException if there is no such partition
     */
    public FakeLog log(String topic, int partition) {
        return new FakeLog(this, partition(topic, partition));
    }

    // ---- groups

    /** The group of an id, whether it is there or not. */
    public FakeGroup group(String id) {
        return new FakeGroup(this, id);
    }

    /** The groups that there are, by id. */
    public List<FakeGroup> groups() {
        return groupCoordinator.all().stream().map(group -> group(group.id())).toList();
    }

    private FakePartition partition(String topic, int partition) {
        FakePartition found = topics.find(topic, partition);
        if (found == null) {
            throw new IllegalArgumentException("There is no partition " + topic + "-" + partition);
        }
        return found;
    }

    /** Calls at once, on the cluster's thread, whenever something becomes of a record that a share group reads. */
    public void onShareEvent(Consumer<FakeShareEvent> listener) {
        shareEventListeners.add(listener);
    }

    // ---- clients' metrics

    /** Which metrics the brokers want of clients, and what they were given. */
    public FakeTelemetry telemetry() {
        return telemetry;
    }

    // ---- for the parts

    /** The cluster's id. */
    public String clusterId() {
        return clusterId;
    }

    FakeSettings settings() {
        return settings;
    }

    Timers timers() {
        return timers;
    }

    Topics topics() {
        return topics;
    }

    Coordinators coordinators() {
        return coordinators;
    }

    GroupCoordinator groupCoordinator() {
        return groupCoordinator;
    }

    void shareEvent(FakeShareEvent event) {
        shareEventListeners.forEach(listener -> listener.accept(event));
    }

    ShareStates shareStates() {
        return shareStates;
    }

    Script script() {
        return script;
    }

    Configs configs() {
        return configs;
    }

    Transactions transactions() {
        return transactions;
    }

    Apis apis() {
        return apis;
    }

    Collection<FakeTopic> allTopics() {
        return topics.all();
    }

    /** A number that nobody else has, the same in each run. */
    Uuid newUuid() {
        return new Uuid(random.nextLong(), random.nextLong() & Long.MAX_VALUE | 1);
    }
}
