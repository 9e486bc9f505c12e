package dev.kafkaboot.client.cluster;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.PartitionInfo;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.Uuid;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of a metadata response is believed, given what is known. On the loop only.
 *
 * <ul>
 *   <li>A partition's leader is not replaced by one of a lower epoch: the answer comes from a broker that lags behind. Epochs in versions below 9 are not
 *       trustworthy and are left out (KAFKA-9212). Where topics have no ids, see {@link EpochDoubts}.
 *   <li>A topic with another id is another topic: nothing of the old one holds (KIP-516). Ids are never given twice, so an id that was replaced comes from a broker that
 *       lags behind, and what that tells of the topic is not believed. Another cluster has other topics, whatever their ids.
 *   <li>A topic or partition that is known and for once is missing stays for a while. Brokers hear of changes one after the other, so the next answer may
 *       have it again. After {@link #MISSES} answers without it, a topic counts as gone.
 *   <li>A known broker that is missing stays as long as it leads a partition of which the answer is not believed: it is the answer that lags behind. Else its
 *       connections would be closed under what is in flight.
 *   <li>A response that names no broker comes from one that is starting and is not believed at all.
 * </ul>
 */
final class MetadataMerge {

    private static final int MISSES = 3;
    private static final int TRUSTED_EPOCHS_FROM = 9;

    /** How many ids are known of a topic, with the present one: so often it may be made again before all brokers have heard of the first time. */
    private static final int KNOWN_IDS = 8;

    /** How many answers in a row have to tell an id that was replaced for it to be believed all the same: a broker that lags behind is not the only one that is asked. */
    private static final int DOUBTS = 10;

    private final Map<String, Integer> misses = new HashMap<>();
    private boolean keptBrokers;

    /** The ids that each topic has had, the last one being that which it has now, or had when it was last there. */
    private final Map<String, Deque<Uuid>> ids = new HashMap<>();

    /** The topics of which the last answer told an id that was replaced. */
    private final Set<String> outdated = new HashSet<>();

    /** The ids that were replaced and are told again, and how many answers in a row have told them. */
    private final Map<String, Doubt> doubts = new HashMap<>();

    private final EpochDoubts epochs = new EpochDoubts();

    private @Nullable String cluster;

    /** An id that was replaced, and how many answers in a row have told it. */
    private record Doubt(Uuid id, int times) {}

    /** The new snapshot; empty if there is nothing to believe and nothing was known. */
    ClusterSnapshot apply(ClusterSnapshot known, List<MetadataRequests.Part> parts, TopicInterest interest) {
        ClusterSnapshot before = known;
        Map<Integer, Node> nodes = new HashMap<>();
        Map<String, TopicInfo> topics = new HashMap<>(before.topicsByName());
        topics.values().removeIf(topic -> !interest.contains(topic.name(), topic.id(), topic.internal()));
        misses.keySet().retainAll(topics.keySet());
        ids.keySet().retainAll(topics.keySet());
        doubts.keySet().retainAll(topics.keySet());
        outdated.clear();
        epochs.begin(topics.keySet());
        String clusterId = before.clusterId();
        int controllerId = -1;
        for (MetadataRequests.Part part : parts) {
            MetadataResponse response = part.response();
            for (MetadataResponse.MetadataResponseBroker broker : response.brokers()) {
                nodes.put(broker.nodeId(), new Node(broker.nodeId(), broker.host(), broker.port(), broker.rack()));
            }
            clusterId = response.clusterId() == null ? clusterId : response.clusterId();
            controllerId = response.controllerId();
        }
        if (clusterId != null && !clusterId.equals(cluster)) {
            if (cluster != null) {
                before = ClusterSnapshot.EMPTY;
                topics.clear();
                misses.clear();
            }
            cluster = clusterId;
            ids.clear();
            doubts.clear();
            epochs.clear();
        }
        if (nodes.isEmpty()) {
            return ClusterSnapshot.EMPTY;
        }
        Set<String> told = new HashSet<>();
        for (MetadataRequests.Part part : parts) {
            for (MetadataResponse.MetadataResponseTopic topic : part.response().topics()) {
                String name = name(topic, before);
                if (name != null && interest.contains(name, topic.topicId(), topic.isInternal()) && told.add(name)) {
                    put(topics, merge(name, before.topic(name), topic, part.version(), nodes), interest);
                }
            }
        }
        if (parts.stream().anyMatch(MetadataRequests.Part::tellsAll)) {
            List<TopicInfo> left = topics.values().stream().filter(topic -> topic.isKnown() && !told.contains(topic.name())).toList();
            left.forEach(topic -> put(topics, missed(topic, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION), interest));
        }
        keepLeaders(before, topics, nodes);
        return new ClusterSnapshot(clusterId, nodes, nodes.get(controllerId), topics);
    }

    /** Puts back the brokers that the answer leaves out although they lead what was not taken from it. */
    private void keepLeaders(ClusterSnapshot before, Map<String, TopicInfo> topics, Map<Integer, Node> nodes) {
        keptBrokers = false;
        for (TopicInfo topic : topics.values()) {
            for (PartitionInfo partition : topic.partitions()) {
                Node leader = partition.leader();
                Node known = leader == null ? null : before.node(leader.id());
                if (known != null && nodes.putIfAbsent(known.id(), known) == null) { // of what was taken from the answer, it names the leader
                    keptBrokers = true;
                }
            }
        }
    }

    /** Who asks for an id that is not there is not told a name. */
    private static @Nullable String name(MetadataResponse.MetadataResponseTopic told, ClusterSnapshot before) {
        TopicInfo known = told.name() == null ? before.topic(told.topicId()) : null;
        return known == null ? told.name() : known.name();
    }

    /** Nobody who did not name a topic waits for one that is not there. */
    private static void put(Map<String, TopicInfo> topics, TopicInfo topic, TopicInterest interest) {
        if (topic.error() == ErrorCode.NONE || interest.isNamed(topic.name())) {
            topics.put(topic.name(), topic);
        } else {
            topics.remove(topic.name());
        }
    }

    private TopicInfo missed(TopicInfo known, ErrorCode error) {
        if (misses.merge(known.name(), 1, Integer::sum) < MISSES) {
            return known;
        }
        misses.remove(known.name());
        return new TopicInfo(known.name(), Uuid.ZERO, error, known.internal(), List.of());
    }

    private TopicInfo merge(
            String name,
            @Nullable TopicInfo before,
            MetadataResponse.MetadataResponseTopic topic,
            short version,
            Map<Integer, Node> nodes) {
        ErrorCode error = ErrorCode.forCode(topic.errorCode());
        if (error != ErrorCode.NONE) {
            if (before != null && before.isKnown() && error.isRetriable()) {
                return missed(before, error);
            }
            misses.remove(name);
            return new TopicInfo(name, Uuid.ZERO, error, topic.isInternal(), List.of());
        }
        if (isOutdated(name, topic.topicId())) {
            return before != null ? before : new TopicInfo(name, Uuid.ZERO, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, topic.isInternal(), List.of());
        }
        misses.remove(name);
        List<PartitionInfo> known = before != null && before.id().equals(topic.topicId()) ? before.partitions() : List.of();
        return new TopicInfo(name, topic.topicId(), error, topic.isInternal(),
                partitions(name, known, topic, version, nodes, /* hasId= */ !topic.topicId().equals(Uuid.ZERO), epochs));
    }

    /**
     * Whether an id was replaced before and so is not believed; one that is new takes the place of the one before. Which of two came first is not known of a client
     * that heard of the later one first, so the doubt ends when answer after answer tells the same.
     */
    private boolean isOutdated(String name, Uuid told) {
        if (told.equals(Uuid.ZERO)) {
            return false;
        }
        Deque<Uuid> known = ids.computeIfAbsent(name, first -> new ArrayDeque<>(2));
        Doubt before = doubts.remove(name);
        if (told.equals(known.peekLast())) {
            return false;
        }
        if (known.contains(told)) {
            int times = before != null && before.id().equals(told) ? before.times() + 1 : 1;
            if (times < DOUBTS) {
                doubts.put(name, new Doubt(told, times));
                outdated.add(name);
                return true;
            }
            known.remove(told);
        }
        known.addLast(told);
        if (known.size() > KNOWN_IDS) {
            known.removeFirst();
        }
        return false;
    }

    /** The partitions of a topic as an answer of an unknown version has them: without their epochs, which might be none to trust. */
    static List<PartitionInfo> partitions(String name, MetadataResponse.MetadataResponseTopic topic, Map<Integer, Node> nodes) {
        return partitions(name, List.of(), topic, /* version= */ (short) 0, nodes, /* hasId= */ false, new EpochDoubts());
    }

    private static List<PartitionInfo> partitions(
            String name,
            List<PartitionInfo> known,
            MetadataResponse.MetadataResponseTopic topic,
            short version,
            Map<Integer, Node> nodes,
            boolean hasId,
            EpochDoubts epochs) {
        List<MetadataResponse.MetadataResponsePartition> told = new ArrayList<>(topic.partitions());
        told.sort(Comparator.comparingInt(MetadataResponse.MetadataResponsePartition::partitionIndex));
        List<PartitionInfo> partitions = new ArrayList<>(told.size());
        for (MetadataResponse.MetadataResponsePartition partition : told) {
            int index = partition.partitionIndex();
            while (partitions.size() < index && partitions.size() < told.size()) {
                partitions.add(missing(name, partitions.size(), known));
            }
            if (partitions.size() == index) {
                partitions.add(epochs.believed(index < known.size() ? known.get(index) : null, partition(name, partition, version, nodes), hasId));
            }
        }
        while (hasId && partitions.size() < known.size()) {
            partitions.add(known.get(partitions.size()));
        }
        return partitions;
    }

    /** A partition that an answer leaves out although it has a later one. */
    private static PartitionInfo missing(String topic, int index, List<PartitionInfo> known) {
        return index < known.size() ? known.get(index) : new PartitionInfo(topic, index, null, -1, List.of(), List.of(), List.of());
    }

    private static PartitionInfo partition(
            String topic, MetadataResponse.MetadataResponsePartition told, short version, Map<Integer, Node> nodes) {
        return new PartitionInfo(
                topic,
                told.partitionIndex(),
                nodes.get(told.leaderId()),
                version >= TRUSTED_EPOCHS_FROM ? told.leaderEpoch() : -1,
                nodes(told.replicaNodes(), nodes),
                nodes(told.isrNodes(), nodes),
                nodes(told.offlineReplicas(), nodes));
    }

    /** A replica on a broker that is down has no address. */
    private static List<Node> nodes(List<Integer> ids, Map<Integer, Node> nodes) {
        return ids.stream().map(id -> nodes.getOrDefault(id, new Node(id, "", -1, null))).toList();
    }

    /**
     * Whether an answer calls for another one soon: a topic is not there, or is but the last answer lacked it, a leader of it or told of an earlier one or, where topics have no
     * ids, of an earlier epoch, or a partition has no leader.
     */
    boolean leavesOpen(ClusterSnapshot now, TopicInterest interest) {
        if (!misses.isEmpty() || !outdated.isEmpty() || epochs.isOpen() || keptBrokers) {
            return true;
        }
        return interest.names().stream().map(now::topic).anyMatch(MetadataMerge::isOpen)
                || interest.ids().stream().map(now::topic).anyMatch(MetadataMerge::isOpen);
    }

    private static boolean isOpen(@Nullable TopicInfo topic) {
        return topic == null || topic.error().isRetriable() || topic.partitions().stream().anyMatch(partition -> partition.leader() == null);
    }

    /** Whether an answer refused a topic. It may be allowed at any time, so it is to be asked about again, though without hurry. */
    static boolean hasRefused(ClusterSnapshot now, TopicInterest interest) {
        return interest.names().stream().map(now::topic).anyMatch(topic -> topic != null && topic.error() != ErrorCode.NONE);
    }

    /** The snapshot with a partition's leader replaced, or the same one if that is no news or concerns another topic of that name. */
    static ClusterSnapshot withLeader(
            ClusterSnapshot before, TopicPartition partition, Uuid topicId, int leaderId, int leaderEpoch, @Nullable Node endpoint) {
        TopicInfo topic = before.topic(partition.topic());
        PartitionInfo known = topic == null ? null : topic.partition(partition.partition());
        Node leader = endpoint != null ? withRack(before.node(leaderId), endpoint) : before.node(leaderId);
        if (topic == null || known == null || !topic.id().equals(topicId) || leader == null || leaderEpoch <= known.leaderEpoch()) {
            return before;
        }
        List<PartitionInfo> partitions = new ArrayList<>(topic.partitions());
        partitions.set(partition.partition(), new PartitionInfo(
                known.topic(), known.partition(), leader, leaderEpoch, known.replicas(), known.inSyncReplicas(), known.offlineReplicas()));
        Map<String, TopicInfo> topics = new HashMap<>(before.topicsByName());
        topics.put(topic.name(), new TopicInfo(topic.name(), topic.id(), topic.error(), topic.internal(), partitions));
        Map<Integer, Node> nodes = new HashMap<>(before.nodesById());
        nodes.put(leaderId, leader);
        return new ClusterSnapshot(before.clusterId(), nodes, before.controller(), topics);
    }

    private static Node withRack(@Nullable Node known, Node told) {
        boolean isSame = known != null && known.port() == told.port() && Objects.equals(known.host(), told.host());
        return isSame ? Objects.requireNonNull(known) : told;
    }
}
