package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ShareGroupHeartbeatRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A group whose members take records out of the same partitions (KIP-932).
 *
 * <p>Nobody waits for anybody: with its next heartbeat a member has what it is to have, as two may read the same partition. A partition is given to members only when
 * it is written down that the group reads it, which is why the first member of a new group may be given nothing at first. Who decides what a heartbeat means is
 * {@link ShareHeartbeats}; which records are whose is known to {@link SharePartition}s, and not here.
 */
final class ShareGroup implements Group {

    static final String TYPE = "share";

    /** The epoch of a group that nobody has joined: as with a broker, the first member gets into the next one. */
    private static final int NEW = 1;

    private static final String SESSION = "session of ";
    private static final String INITIALIZATION = "initialization";

    private final String id;
    private final FakeKafka cluster;
    private final GroupTimers timers;
    private final ShareConfigs configs;
    private final TreeMap<String, ShareGroupMember> members = new TreeMap<>();
    private final NavigableSet<GroupPartition> initialized = new TreeSet<>();
    private NavigableMap<String, NavigableSet<GroupPartition>> target = new TreeMap<>();
    private SortedMap<String, GroupPartition> seenTopics = new TreeMap<>();
    private int epoch = NEW;
    private int assignmentEpoch;
    private boolean initializing;

    ShareGroup(String id, FakeKafka cluster, GroupTimers timers) {
        this.id = id;
        this.cluster = cluster;
        this.timers = timers;
        this.configs = new ShareConfigs(cluster, id);
    }

    // ---- what it is

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String protocolType() {
        return TYPE;
    }

    @Override
    public String stateName() {
        return members.isEmpty() ? "Empty" : "Stable";
    }

    int epoch() {
        return epoch;
    }

    int assignmentEpoch() {
        return assignmentEpoch;
    }

    /** The members, by id. */
    Collection<ShareGroupMember> members() {
        return List.copyOf(members.values());
    }

    int size() {
        return members.size();
    }

    @Nullable ShareGroupMember find(String memberId) {
        return members.get(memberId);
    }

    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }

    int heartbeatIntervalMillis() {
        return configs.heartbeatIntervalMillis();
    }

    // ---- what happens

    /**
     * A member is alive, or new.
     *
     * @return whether what it is told to read has changed
     */
    boolean heartbeat(String memberId, ShareGroupHeartbeatRequest request, String clientId) {
        boolean isNew = !members.containsKey(memberId);
        ShareGroupMember member = members.computeIfAbsent(memberId, ShareGroupMember::new);
        NavigableSet<GroupPartition> before = member.assigned();
        boolean changed = member.update(request, clientId);
        SortedMap<String, GroupPartition> topics = lookAtTopics();
        if (isNew || changed || !topics.equals(seenTopics)) {
            seenTopics = topics;
            epoch++;
        }
        initialize();
        if (epoch > assignmentEpoch) {
            assign();
        }
        member.advance(assignmentEpoch, target.getOrDefault(memberId, new TreeSet<>()));
        startSession(member);
        return !before.equals(member.assigned());
    }

    /** Takes a member out: it left, or was not heard of. The records that it has are no matter of the group's: its session with each broker is. */
    void remove(ShareGroupMember member) {
        members.remove(member.id());
        target.remove(member.id());
        timers.stop(SESSION + member.id());
        seenTopics = lookAtTopics();
        epoch++;
        if (members.isEmpty() && Releases.isAtLeast(cluster.settings().release(), 4, 4)) {
            assignmentEpoch = epoch; // there is nobody left to be assigned anything
        }
    }

    /** Begins anew with what everybody is to have. */
    void rebalance() {
        epoch++;
    }

    private void startSession(ShareGroupMember member) {
        timers.start(SESSION + member.id(), configs.sessionTimeoutMillis(), () -> remove(member));
    }

    // ---- who is to have what

    /** Writes down what the group reads, if there is something new, and that it does. */
    private void initialize() {
        List<FakePartition> unknown = partitions().stream().filter(partition -> !initialized.contains(ShareStates.keyOf(partition))).toList();
        if (unknown.isEmpty() || initializing) {
            return;
        }
        long millis = cluster.settings().shares().initializationMillis();
        if (millis == 0) {
            initialized(unknown);
            return;
        }
        initializing = true;
        timers.start(INITIALIZATION, millis, () -> {
            initializing = false;
            initialized(unknown);
        });
    }

    private void initialized(List<FakePartition> partitions) {
        for (FakePartition partition : partitions) {
            cluster.shareStates().initialize(id, partition);
            initialized.add(ShareStates.keyOf(partition));
        }
        epoch++;
    }

    /** Its offsets of a topic are deleted: what it reads of it is no longer written down. */
    void forget(FakeTopic topic) {
        initialized.removeIf(partition -> partition.topicId().equals(topic.id()));
    }

    private void assign() {
        TreeMap<String, NavigableSet<GroupPartition>> readable = new TreeMap<>();
        for (ShareGroupMember member : members.values()) {
            NavigableSet<GroupPartition> own = new TreeSet<>();
            for (FakeTopic topic : topicsOf(member)) {
                topic.partitions().stream().map(ShareStates::keyOf).filter(initialized::contains).forEach(own::add);
            }
            readable.put(member.id(), own);
        }
        target = ShareAssignor.assign(readable, target);
        assignmentEpoch = epoch;
    }

    private List<FakeTopic> topicsOf(ShareGroupMember member) {
        return cluster.allTopics().stream().filter(topic -> member.subscribedNames().contains(topic.name())).toList();
    }

    private List<FakePartition> partitions() {
        List<FakePartition> partitions = new ArrayList<>();
        cluster.allTopics().stream().filter(topic -> seenTopics.containsKey(topic.name())).forEach(topic -> partitions.addAll(topic.partitions()));
        return partitions;
    }

    /** The topics that are read, with their ids and numbers of partitions: if these change, so does the group's epoch. */
    private SortedMap<String, GroupPartition> lookAtTopics() {
        SortedMap<String, GroupPartition> seen = new TreeMap<>();
        for (ShareGroupMember member : members.values()) {
            topicsOf(member).forEach(topic -> seen.put(topic.name(), new GroupPartition(topic.id(), topic.partitions().size())));
        }
        return seen;
    }

    // ---- offsets: there are none that members could commit

    @Override
    public ErrorCode checkCommit(Committer committer) {
        return ErrorCode.GROUP_ID_NOT_FOUND;
    }

    @Override
    public void committed(Committer committer) {
        throw new IllegalStateException("Nobody may commit to " + this);
    }

    @Override
    public ErrorCode checkFetch(@Nullable String memberId, int memberEpoch) {
        return ErrorCode.NONE;
    }

    @Override
    public ErrorCode checkOffsetDelete() {
        return ErrorCode.GROUP_ID_NOT_FOUND;
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return seenTopics.containsKey(topic);
    }

    @Override
    public OptionalLong offsetAgesSince(long committedMillis) {
        return OptionalLong.empty();
    }

    // ---- coordinators that come and go

    @Override
    public void unload() {
        timers.stopAll();
        initializing = false;
    }

    @Override
    public void load() {
        members.values().forEach(this::startSession);
    }

    @Override
    public void end() {
        timers.stopAll();
        cluster.shareStates().forget(id);
    }

    @Override
    public String toString() {
        return "Group " + id + ", " + stateName() + ", epoch " + epoch;
    }
}
