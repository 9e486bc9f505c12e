package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ConsumerGroupHeartbeatRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A group whose partitions the coordinator shares out (KIP-848).
 *
 * <p>Three numbers say how far things are. The <b>group's epoch</b> counts changes of members, subscriptions and topics; the <b>assignment's epoch</b> says of
 * which of these what everybody is to have was computed; a <b>member's epoch</b> says how far it has got with that. Everything happens in heartbeats, one
 * member at a time: a member is told to let go, says that it did, and only then may another be told to take. Nobody waits for anybody but for partitions.
 *
 * <p>All of this is written as it happens, so that a later coordinator knows it; only the timers begin anew. Who decides what a heartbeat means is
 * {@link ConsumerHeartbeats}; the steps of a member are in {@link Reconciliation}. Members that speak the classic protocol may be among the others; how they go about
 * it is in {@link MixedGroups}, and how groups of the one type become groups of the other in {@link GroupMigrations}.
 */
final class ConsumerGroup implements Group {

    /** What a static member's epoch is while it is gone for a while. */
    static final int AWAY = -2;

    /** From this version on OffsetCommit knows members' epochs. */
    private static final short FIRST_COMMIT_WITH_EPOCHS = 9;

    /** The epoch of a group that nobody has joined: as with a broker, the first member gets into the next one. */
    private static final int NEW = 1;

    private static final String SESSION = "session of ";
    private static final String REVOCATION = "revocation by ";
    private static final String REJOIN = "rejoin of ";
    private static final String SYNC = "sync of ";

    private final String id;
    private final FakeKafka cluster;
    private final GroupTimers timers;
    private final TreeMap<String, ConsumerMember> members = new TreeMap<>();
    private final TreeMap<String, String> idsByInstance = new TreeMap<>();
    private final TreeMap<String, NavigableSet<GroupPartition>> target = new TreeMap<>();
    private SortedMap<String, GroupPartition> seenTopics = new TreeMap<>();
    private int epoch = NEW;
    private int assignmentEpoch;
    private String assignorName = "";

    ConsumerGroup(String id, FakeKafka cluster, GroupTimers timers) {
        this.id = id;
        this.cluster = cluster;
        this.timers = timers;
    }

    // ---- what it is

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return "consumer";
    }

    @Override
    public String protocolType() {
        return ClassicGroup.CONSUMER_PROTOCOL;
    }

    @Override
    public String stateName() {
        if (members.isEmpty()) {
            return "Empty";
        }
        if (epoch > assignmentEpoch) {
            return "Assigning";
        }
        return members.values().stream().allMatch(member -> member.isReconciledTo(assignmentEpoch)) ? "Stable" : "Reconciling";
    }

    int epoch() {
        return epoch;
    }

    int assignmentEpoch() {
        return assignmentEpoch;
    }

    String assignorName() {
        return assignorName;
    }

    /** The members, by id. */
    Collection<ConsumerMember> members() {
        return List.copyOf(members.values());
    }

    int size() {
        return members.size();
    }

    @Nullable ConsumerMember find(String memberId) {
        return members.get(memberId);
    }

    /** The member that holds a group.instance.id, or null. */
    @Nullable ConsumerMember findInstance(String instanceId) {
        String memberId = idsByInstance.get(instanceId);
        return memberId == null ? null : members.get(memberId);
    }

    /** What a member is to have. */
    NavigableSet<GroupPartition> target(String memberId) {
        return new TreeSet<>(target.getOrDefault(memberId, new TreeSet<>()));
    }

    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }

    // ---- what happens

    /** Takes in a member. */
    void add(ConsumerMember member) {
        members.put(member.id(), member);
        if (member.instanceId() != null) {
            idsByInstance.put(member.instanceId(), member.id());
        }
    }

    /** Puts a static member's new incarnation in its place. */
    ConsumerMember replace(ConsumerMember old, String newId) {
        ConsumerMember incarnation = old.renamed(newId);
        NavigableSet<GroupPartition> share = target(old.id());
        forget(old);
        add(incarnation);
        target.put(newId, share);
        return incarnation;
    }

    /**
     * A member is alive.
     *
     * @param owned what it says that it has, or null if it does not say
     * @return whether what it is told to have has changed
     */
    boolean heartbeat(ConsumerMember member, ConsumerGroupHeartbeatRequest request, String clientId, @Nullable NavigableSet<GroupPartition> owned) {
        NavigableSet<GroupPartition> before = member.assigned();
        noteChanges(member, member.update(request, clientId));
        if (epoch > assignmentEpoch) {
            assign();
        }
        reconcile(member, owned);
        timers.stop(REJOIN + member.id());
        timers.stop(SYNC + member.id());
        startSession(member);
        return !before.equals(member.assigned());
    }

    /** Begins a new epoch if a member, or what it reads, is another than before. */
    private void noteChanges(ConsumerMember member, boolean changed) {
        boolean isNew = !target.containsKey(member.id());
        SortedMap<String, GroupPartition> topics = lookAtTopics();
        if (isNew || changed || !topics.equals(seenTopics)) {
            seenTopics = topics;
            epoch++;
        }
    }

    /** A member has joined by the classic protocol: it has to ask for its assignment before long. */
    void joined(ConsumerMember member, boolean changed, NavigableSet<GroupPartition> owned) {
        noteChanges(member, changed);
        if (epoch > assignmentEpoch) {
            assign();
        }
        reconcile(member, owned);
        timers.stop(REJOIN + member.id());
        startSession(member);
        timers.start(SYNC + member.id(), member.rebalanceTimeoutMillis(), () -> remove(member));
    }

    /** The last member of the newer protocol is replaced by one of the classic protocol: what everybody is to have is not computed any more. */
    void replaced(ConsumerMember member, boolean changed, NavigableSet<GroupPartition> owned) {
        noteChanges(member, changed);
        if (epoch == assignmentEpoch) {
            reconcile(member, owned);
        }
    }

    /** A member that speaks the classic protocol has its assignment. */
    void synced(ConsumerMember member) {
        timers.stop(SYNC + member.id());
    }

    /** A member that speaks the classic protocol is alive. */
    void heartbeat(ConsumerMember member) {
        startSession(member);
    }

    /** A member that speaks the classic protocol is told to join again. */
    void awaitRejoin(ConsumerMember member) {
        if (!timers.runs(REJOIN + member.id())) {
            timers.start(REJOIN + member.id(), member.rebalanceTimeoutMillis(), () -> remove(member));
        }
    }

    /** Whether a member waits for a partition that another has not let go of. */
    boolean waitsForOthers(ConsumerMember member) {
        return member.state() == ConsumerMember.State.UNRELEASED
                && target(member.id()).stream().anyMatch(partition -> member.hasSince(partition) == null && isHeldByOthers(member, partition));
    }

    /** Takes over the members of a classic group, with what they had there. */
    void begin(int generation, List<ConsumerMember> classicMembers) {
        epoch = generation;
        assignmentEpoch = generation;
        for (ConsumerMember member : classicMembers) {
            add(member);
            target.put(member.id(), member.assigned());
            startSession(member);
        }
        seenTopics = lookAtTopics();
        assignorName = chooseAssignor().name();
    }

    private void reconcile(ConsumerMember member, @Nullable NavigableSet<GroupPartition> owned) {
        boolean wasRevoking = member.state() == ConsumerMember.State.UNREVOKED;
        int before = member.epoch();
        new Reconciliation(member, assignmentEpoch, target(member.id()), owned, partition -> isHeldByOthers(member, partition)).step();
        boolean revokes = member.state() == ConsumerMember.State.UNREVOKED;
        if (!revokes) {
            timers.stop(REVOCATION + member.id());
        } else if (!wasRevoking || before != member.epoch()) {
            startRevocation(member);
        }
    }

    private boolean isHeldByOthers(ConsumerMember member, GroupPartition partition) {
        return members.values().stream().anyMatch(other -> other != member && other.hasSince(partition) != null);
    }

    /** Takes a member out: it left, or was not heard of, or does not let go. */
    void remove(ConsumerMember member) {
        remove(List.of(member));
    }

    /** Takes members out. If none is left that speaks the newer protocol, the others go on as a classic group. */
    void remove(Collection<ConsumerMember> leaving) {
        if (leaving.isEmpty()) {
            return;
        }
        GroupMigrations migrations = cluster.groupCoordinator().migrations();
        if (migrations.isDowngradeDue(this, leaving)) {
            migrations.downgrade(this, leaving, /* rebalance= */ true);
            return;
        }
        leaving.forEach(this::forget);
        seenTopics = lookAtTopics();
        epoch++;
        if (members.isEmpty() && Releases.isAtLeast(cluster.settings().release(), 4, 4)) {
            assignmentEpoch = epoch; // there is nobody left to be assigned anything
        }
    }

    /** A static member has left, and means to be back before its session ends. */
    void leaveForAWhile(ConsumerMember member) {
        member.leaveForAWhile(AWAY);
    }

    private void forget(ConsumerMember member) {
        members.remove(member.id());
        target.remove(member.id());
        if (member.instanceId() != null) {
            idsByInstance.remove(member.instanceId(), member.id());
        }
        timers.stop(SESSION + member.id());
        timers.stop(REVOCATION + member.id());
        timers.stop(REJOIN + member.id());
        timers.stop(SYNC + member.id());
    }

    /** Begins anew with what everybody is to have. */
    void rebalance() {
        epoch++;
    }

    // ---- who is to have what

    private void assign() {
        TreeMap<String, List<FakeTopic>> topics = new TreeMap<>();
        members.values().forEach(member -> topics.put(member.id(), topicsOf(member)));
        ServerAssignor assignor = chooseAssignor();
        Map<String, NavigableSet<GroupPartition>> shares = assignor.assign(topics, target);
        target.clear();
        target.putAll(shares);
        assignorName = assignor.name();
        assignmentEpoch = epoch;
    }

    /** The assignor that most members wish for; the first of all if nobody does. */
    private ServerAssignor chooseAssignor() {
        TreeMap<String, Integer> votes = new TreeMap<>();
        members.values().forEach(member -> {
            if (member.assignor() != null) {
                votes.merge(member.assignor(), 1, Integer::sum);
            }
        });
        ServerAssignor chosen = ServerAssignor.ALL.get(0);
        int most = 0;
        for (ServerAssignor assignor : ServerAssignor.ALL) {
            int count = votes.getOrDefault(assignor.name(), 0);
            if (count > most) {
                chosen = assignor;
                most = count;
            }
        }
        return chosen;
    }

    private List<FakeTopic> topicsOf(ConsumerMember member) {
        String expression = member.subscribedRegex();
        TopicRegex regex = expression == null ? null : TopicRegex.of(expression);
        List<FakeTopic> read = new ArrayList<>();
        for (FakeTopic topic : cluster.allTopics()) {
            if (member.subscribedNames().contains(topic.name()) || regex != null && regex.matches(topic.name())) {
                read.add(topic);
            }
        }
        return read;
    }

    /** The topics that are read, with their ids and numbers of partitions: if these change, so does the group's epoch. */
    private SortedMap<String, GroupPartition> lookAtTopics() {
        SortedMap<String, GroupPartition> seen = new TreeMap<>();
        for (ConsumerMember member : members.values()) {
            topicsOf(member).forEach(topic -> seen.put(topic.name(), new GroupPartition(topic.id(), topic.partitions().size())));
        }
        return seen;
    }

    // ---- timers

    private void startSession(ConsumerMember member) {
        ClassicPart classic = member.classic();
        int millis = classic == null ? sessionTimeoutMillis() : classic.sessionTimeoutMillis();
        timers.start(SESSION + member.id(), millis, () -> remove(member));
    }

    private void startRevocation(ConsumerMember member) {
        timers.start(REVOCATION + member.id(), member.rebalanceTimeoutMillis(), () -> remove(member));
    }

    private int sessionTimeoutMillis() {
        String own = cluster.configs().ofGroup(id).get(GroupConfig.CONSUMER_SESSION_TIMEOUT);
        return own == null ? cluster.settings().groups().consumerSessionTimeoutMillis() : Integer.parseInt(own.trim());
    }

    /** How often members are to be heard. */
    int heartbeatIntervalMillis() {
        String own = cluster.configs().ofGroup(id).get(GroupConfig.CONSUMER_HEARTBEAT_INTERVAL);
        return own == null ? cluster.settings().groups().consumerHeartbeatIntervalMillis() : Integer.parseInt(own.trim());
    }

    // ---- offsets

    @Override
    public ErrorCode checkCommit(Committer committer) {
        if (committer.generation() < 0 && members.isEmpty() || committer.transactional() && committer.isAnonymous()) {
            return ErrorCode.NONE;
        }
        ConsumerMember member = members.get(committer.memberId());
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode stale = member.classic() == null ? ErrorCode.STALE_MEMBER_EPOCH : ErrorCode.ILLEGAL_GENERATION;
        if (!committer.transactional() && member.classic() == null && committer.version() < FIRST_COMMIT_WITH_EPOCHS) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        if (committer.generation() > member.epoch()) {
            return stale;
        }
        boolean hasAll = committer.generation() == member.epoch()
                || committer.partitions().stream().allMatch(key -> hadSince(member, key, committer.generation()));
        return hasAll ? ErrorCode.NONE : stale;
    }

    /** An older epoch will do for partitions that the member has had since then: nobody else can have read them meanwhile (KIP-1251). */
    private boolean hadSince(ConsumerMember member, OffsetKey key, int memberEpoch) {
        FakeTopic topic = cluster.topics().find(key.topic());
        Integer since = topic == null ? null : member.hasSince(new GroupPartition(topic.id(), key.partition()));
        return since != null && memberEpoch >= since;
    }

    @Override
    public void committed(Committer committer) {
        // Only heartbeats keep a member alive here.
    }

    @Override
    public ErrorCode checkFetch(@Nullable String memberId, int memberEpoch) {
        if (memberId == null && memberEpoch < 0) {
            return ErrorCode.NONE;
        }
        ConsumerMember member = memberId == null ? null : members.get(memberId);
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode stale = member.classic() == null ? ErrorCode.STALE_MEMBER_EPOCH : ErrorCode.ILLEGAL_GENERATION;
        return memberEpoch == member.epoch() ? ErrorCode.NONE : stale;
    }

    @Override
    public ErrorCode checkOffsetDelete() {
        return ErrorCode.NONE;
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return seenTopics.containsKey(topic) && !members.isEmpty();
    }

    @Override
    public OptionalLong offsetAgesSince(long committedMillis) {
        return OptionalLong.of(committedMillis);
    }

    // ---- coordinators that come and go

    @Override
    public void unload() {
        timers.stopAll();
    }

    @Override
    public void load() {
        for (ConsumerMember member : members.values()) {
            startSession(member);
            if (member.state() == ConsumerMember.State.UNREVOKED) {
                startRevocation(member);
            }
        }
    }

    @Override
    public void end() {
        timers.stopAll();
    }

    @Override
    public String toString() {
        return "Group " + id + ", " + stateName() + ", epoch " + epoch;
    }
}
