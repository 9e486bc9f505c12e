package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.JoinGroupResponse.JoinGroupResponseMember;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A group whose members assign partitions themselves, with the coordinator as the go-between.
 *
 * <p>A <b>rebalance</b> has two halves. In the first ({@code PREPARING_REBALANCE}) every member must join again; it ends when all have, or when the longest of their
 * rebalance time-outs has passed, which costs those who have not joined their membership. Then the next generation begins: the joins are answered, and one
 * member, the leader, is told of all. In the second half ({@code COMPLETING_REBALANCE}) every member asks for its assignment; the leader brings it along,
 * whereupon all are answered and the group is {@code STABLE}. Whatever changes the membership before that begins again with the first half.
 *
 * <p><b>Who is alive</b> is known from heartbeats, commits, and requests that wait here. A member that is none of this for its session time-out is taken out.
 *
 * <p><b>What outlives the coordinator</b> is what was written last: the group as it was stable or empty. A rebalance that was under way is lost, and so are
 * members that had joined for it.
 *
 * <p>Faithful to Apache's coordinator, for which see KIP-62, KIP-345 (static members) and KIP-394 (ids before membership). Who decides what a join does is
 * {@link ClassicJoins}.
 */
final class ClassicGroup implements Group {

    /** The type of protocol that consumers speak with each other. */
    static final String CONSUMER_PROTOCOL = "consumer";

    /** How long a member is kept that joined without an id, may have given up, and can send no heartbeat (as in Apache's coordinator). */
    private static final int NEW_MEMBER_JOIN_TIMEOUT_MILLIS = 5 * 60 * 1000;

    private static final String JOIN = "join";
    private static final String SYNC = "sync";
    private static final String SESSION = "session of ";

    private final String id;
    private final FakeKafka cluster;
    private final GroupTimers timers;
    private final Answers answers;
    private final ClassicMembers members = new ClassicMembers();
    private ClassicState state = ClassicState.EMPTY;
    private boolean initialRebalance;
    private boolean newMemberAdded;
    private long stateSinceMillis;
    private int generation;
    private @Nullable String protocolType;
    private @Nullable String protocolName;
    private SubscribedTopics subscribed = SubscribedTopics.UNKNOWN;
    private ClassicSnapshot written;

    ClassicGroup(String id, FakeKafka cluster, GroupTimers timers, Answers answers) {
        this.id = id;
        this.cluster = cluster;
        this.timers = timers;
        this.answers = answers;
        this.stateSinceMillis = cluster.timers().nowMillis();
        this.written = snapshot();
    }

    // ---- what it is

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return "classic";
    }

    ClassicState state() {
        return state;
    }

    @Override
    public String stateName() {
        return state.label();
    }

    int generation() {
        return generation;
    }

    @Override
    public String protocolType() {
        return protocolType == null ? "" : protocolType;
    }

    @Nullable String protocolName() {
        return protocolName;
    }

    ClassicMembers members() {
        return members;
    }

    @Override
    public boolean isEmpty() {
        return state == ClassicState.EMPTY;
    }

    /** Whether somebody with these protocols could be a member. */
    boolean accepts(JoinGroupRequest request) {
        if (state == ClassicState.EMPTY) {
            return !request.protocolType().isEmpty() && !request.protocols().isEmpty();
        }
        return request.protocolType().equals(protocolType) && members.haveInCommon(request.protocols());
    }

    // ---- joining

    /** Gives out an id, to be joined with within the session time-out. */
    void expect(String memberId, int sessionTimeoutMillis) {
        members.pendingJoins().add(memberId);
        startSession(memberId, sessionTimeoutMillis);
    }

    /** Takes in a member whose join waits. */
    void add(ClassicMember member, String type) {
        if (members.isEmpty()) {
            protocolType = type;
        }
        member.isNew(true);
        newMemberAdded = newMemberAdded || state == ClassicState.PREPARING_REBALANCE && initialRebalance;
        members.add(member);
        startSession(member.id(), NEW_MEMBER_JOIN_TIMEOUT_MILLIS);
        rebalanceOrGoOn();
    }

    /** Puts a static member's new incarnation in its place, and tells the old one, if it waits, that it is fenced (KIP-345). */
    ClassicMember replace(ClassicMember old, String newId) {
        answerJoin(old, ClassicReplies.refused(old.id(), ErrorCode.FENCED_INSTANCE_ID));
        answerSync(old, ClassicReplies.refused(ErrorCode.FENCED_INSTANCE_ID));
        timers.stop(SESSION + old.id());
        ClassicMember incarnation = old.renamed(newId);
        members.replace(old, incarnation);
        startSession(incarnation);
        return incarnation;
    }

    /** The answer to a member's join, in the present generation. */
    JoinGroupResponse joined(ClassicMember member) {
        return new JoinGroupResponse()
                .generationId(generation)
                .protocolType(protocolType)
                .protocolName(protocolName)
                .leader(members.leader() == null ? "" : members.leader())
                .memberId(member.id())
                .members(members.isLeader(member.id()) ? everybody() : List.of());
    }

    /** All members, as the leader is told of them. */
    List<JoinGroupResponseMember> everybody() {
        return members.all().stream()
                .map(member -> new JoinGroupResponseMember()
                        .memberId(member.id())
                        .groupInstanceId(member.instanceId())
                        .metadata(member.metadata(protocolName)))
                .toList();
    }

    /** The member's part has changed: begins a rebalance where none is, and otherwise goes on with it. */
    void rebalanceOrGoOn() {
        if (state.mayBecome(ClassicState.PREPARING_REBALANCE)) {
            prepareRebalance();
        } else if (state == ClassicState.PREPARING_REBALANCE && !initialRebalance && members.allJoined()) {
            completeJoin();
        }
    }

    /** Begins a rebalance. */
    void prepareRebalance() {
        if (state == ClassicState.COMPLETING_REBALANCE) {
            members.all().forEach(ClassicMember::assignNothing);
            answerSyncs(ErrorCode.REBALANCE_IN_PROGRESS);
        }
        members.pendingSyncs().clear();
        timers.stop(SYNC);
        initialRebalance = state == ClassicState.EMPTY;
        become(ClassicState.PREPARING_REBALANCE);
        if (initialRebalance) {
            long delay = cluster.settings().initialRebalanceDelayMillis();
            waitForFirstMembers(delay, Math.max(members.rebalanceTimeoutMillis() - delay, 0));
        } else if (members.allJoined()) {
            completeJoin();
        } else {
            timers.start(JOIN, members.rebalanceTimeoutMillis(), this::completeJoin);
        }
    }

    /** Whoever comes within the delay is in the first generation; each new member prolongs it, up to the rebalance time-out (KIP-134). */
    private void waitForFirstMembers(long delayMillis, long remainingMillis) {
        if (delayMillis == 0) {
            completeJoin();
            return;
        }
        timers.start(JOIN, delayMillis, () -> {
            if (newMemberAdded && remainingMillis > 0) {
                newMemberAdded = false;
                long next = Math.min(cluster.settings().initialRebalanceDelayMillis(), remainingMillis);
                waitForFirstMembers(next, Math.max(remainingMillis - delayMillis, 0));
            } else {
                completeJoin();
            }
        });
    }

    private void completeJoin() {
        timers.stop(JOIN);
        newMemberAdded = false;
        for (ClassicMember member : members.all()) {
            if (!member.awaitsJoin() && !member.isStatic()) {
                remove(member.id());
            }
        }
        if (!members.electWhoJoined() && !members.isEmpty()) {
            // Static members only, and none has come back: they are waited for until their sessions end.
            timers.start(JOIN, members.rebalanceTimeoutMillis(), this::completeJoin);
            return;
        }
        nextGeneration();
        if (state == ClassicState.EMPTY) {
            write();
            return;
        }
        for (ClassicMember member : members.all()) {
            answerJoin(member, joined(member));
            startSession(member);
            member.isNew(false);
            members.pendingSyncs().add(member.id());
        }
        timers.start(SYNC, members.rebalanceTimeoutMillis(), this::dropWhoDidNotSync);
    }

    private void nextGeneration() {
        generation++;
        protocolName = members.isEmpty() ? null : members.selectProtocol();
        subscribed = SubscribedTopics.of(protocolType, protocolName, members.all());
        members.pendingSyncs().clear();
        become(members.isEmpty() ? ClassicState.EMPTY : ClassicState.COMPLETING_REBALANCE);
    }

    private void dropWhoDidNotSync() {
        if (!members.pendingSyncs().isEmpty()) {
            List.copyOf(members.pendingSyncs()).forEach(this::remove);
            prepareRebalance();
        }
    }

    // ---- assignments

    /** Answers a member's request for its assignment, at once or when the leader has brought it. */
    void sync(Exchange<SyncGroupRequest, SyncGroupResponse> exchange) {
        ClassicMember member = members.get(exchange.request().memberId());
        switch (state) {
            case PREPARING_REBALANCE -> exchange.reply(ClassicReplies.refused(ErrorCode.REBALANCE_IN_PROGRESS));
            case COMPLETING_REBALANCE -> {
                member.awaitSync(exchange);
                members.pendingSyncs().remove(member.id());
                if (members.isLeader(member.id())) {
                    assign(exchange.request());
                }
            }
            case STABLE -> {
                members.pendingSyncs().remove(member.id());
                exchange.reply(assigned(member));
            }
            case EMPTY, DEAD -> throw new IllegalStateException(this + " has no member " + member.id());
        }
    }

    private void assign(SyncGroupRequest request) {
        members.all().forEach(ClassicMember::assignNothing);
        request.assignments().forEach(given -> {
            ClassicMember member = members.find(given.memberId());
            if (member != null) {
                member.assign(given.assignment());
            }
        });
        become(ClassicState.STABLE);
        write();
        answerSyncs(ErrorCode.NONE);
    }

    private SyncGroupResponse assigned(ClassicMember member) {
        return new SyncGroupResponse().protocolType(protocolType).protocolName(protocolName).assignment(member.assignment());
    }

    private void answerSyncs(ErrorCode error) {
        for (ClassicMember member : members.all()) {
            if (member.awaitsSync()) {
                answerSync(member, error == ErrorCode.NONE ? assigned(member) : ClassicReplies.refused(error));
                startSession(member);
            }
        }
    }

    // ---- going over from and to the newer protocol
    /** Tells everybody who waits to join again: it becomes a consumer group, and this rebalance comes to nothing. */
    void giveUpRebalance() {
        members.all().forEach(member -> answerJoin(member, ClassicReplies.refused(member.id(), ErrorCode.REBALANCE_IN_PROGRESS)));
        answerSyncs(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    /** Takes over the members of a consumer group, with what they are to have. */
    void begin(int epoch, List<ClassicMember> former) {
        generation = epoch;
        protocolType = CONSUMER_PROTOCOL;
        former.forEach(members::add);
        protocolName = members.selectProtocol();
        subscribed = SubscribedTopics.of(protocolType, protocolName, members.all());
        state = ClassicState.STABLE;
        stateSinceMillis = cluster.timers().nowMillis();
        write();
        load();
    }

    // ---- being alive, and leaving

    /** A member is alive. */
    void heartbeat(ClassicMember member) {
        startSession(member);
    }

    /** Takes a member out, without consequences yet. */
    void takeOut(String memberId) {
        ClassicMember member = members.find(memberId);
        if (member != null) {
            answerJoin(member, ClassicReplies.refused("", ErrorCode.UNKNOWN_MEMBER_ID));
        }
        remove(memberId);
    }

    /** The session of a member, or of one that was to join, is over. */
    void expire(String memberId) {
        ClassicMember member = members.find(memberId);
        if (member == null || !member.mayBeSilent()) {
            expel(memberId);
        }
    }

    /** Takes a member out, or one that was to join, and lets the others go on without it. */
    void expel(String memberId) {
        boolean wasMember = members.find(memberId) != null;
        takeOut(memberId);
        if (wasMember && state != ClassicState.PREPARING_REBALANCE) {
            rebalanceOrGoOn();
        } else if (state == ClassicState.PREPARING_REBALANCE && members.allJoined()) {
            completeJoin();
        }
    }

    private void remove(String memberId) {
        members.remove(memberId);
        timers.stop(SESSION + memberId);
    }

    private void startSession(ClassicMember member) {
        startSession(member.id(), member.sessionTimeoutMillis());
    }

    private void startSession(String memberId, int millis) {
        timers.start(SESSION + memberId, millis, () -> expire(memberId));
    }

    // ---- offsets

    @Override
    public ErrorCode checkCommit(Committer committer) {
        if (state == ClassicState.DEAD) {
            return ErrorCode.COORDINATOR_NOT_AVAILABLE;
        }
        if (committer.generation() < 0 && state == ClassicState.EMPTY) {
            return ErrorCode.NONE;
        }
        if (committer.isAnonymous()) {
            return committer.transactional() ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode member = members.check(committer.memberId(), committer.instanceId());
        if (member != ErrorCode.NONE) {
            return member;
        }
        if (committer.generation() != generation) {
            return ErrorCode.ILLEGAL_GENERATION;
        }
        return !committer.transactional() && state == ClassicState.COMPLETING_REBALANCE ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    @Override
    public void committed(Committer committer) {
        ClassicMember member = members.find(committer.memberId());
        if (member != null && (state == ClassicState.STABLE || state == ClassicState.PREPARING_REBALANCE)) {
            startSession(member);
        }
    }

    @Override
    public ErrorCode checkFetch(@Nullable String memberId, int memberEpoch) {
        return ErrorCode.NONE;
    }

    @Override
    public ErrorCode checkOffsetDelete() {
        return isEmpty() || CONSUMER_PROTOCOL.equals(protocolType) ? ErrorCode.NONE : ErrorCode.NON_EMPTY_GROUP;
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return subscribed.contains(topic);
    }

    @Override
    public OptionalLong offsetAgesSince(long committedMillis) {
        if (protocolType != null && isEmpty()) {
            return OptionalLong.of(stateSinceMillis);
        }
        boolean simple = protocolType == null;
        boolean known = subscribed.isKnown() && state == ClassicState.STABLE;
        return simple || known ? OptionalLong.of(committedMillis) : OptionalLong.empty();
    }

    // ---- coordinators that come and go

    @Override
    public void unload() {
        timers.stopAll();
        for (ClassicMember member : members.all()) {
            answerJoin(member, ClassicReplies.refused(member.id(), ErrorCode.NOT_COORDINATOR));
            answerSync(member, ClassicReplies.refused(ErrorCode.NOT_COORDINATOR));
        }
        restore(written);
    }

    private void restore(ClassicSnapshot snapshot) {
        members.clear();
        snapshot.members().forEach(members::add);
        members.leader(snapshot.leader());
        generation = snapshot.generation();
        protocolType = snapshot.protocolType();
        protocolName = snapshot.protocolName();
        subscribed = SubscribedTopics.of(protocolType, protocolName, members.all());
        state = members.isEmpty() ? ClassicState.EMPTY : ClassicState.STABLE;
        stateSinceMillis = snapshot.sinceMillis();
        initialRebalance = false;
        newMemberAdded = false;
        written = snapshot();
    }

    @Override
    public void load() {
        members.all().forEach(this::startSession);
    }

    @Override
    public void end() {
        timers.stopAll();
        become(ClassicState.DEAD);
    }

    /** Writes what a later coordinator will read. */
    void write() {
        written = snapshot();
    }

    private ClassicSnapshot snapshot() {
        return new ClassicSnapshot(
                generation, protocolType, protocolName, members.leader(),
                members.all().stream().map(member -> member.asWritten(protocolName)).toList(), stateSinceMillis);
    }

    // ---- the parts

    private void become(ClassicState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException(this + " cannot become " + next);
        }
        state = next;
        stateSinceMillis = cluster.timers().nowMillis();
    }

    /** Answers a member's join when the event is over, if one waits. */
    void answerJoin(ClassicMember member, JoinGroupResponse response) {
        Exchange<JoinGroupRequest, JoinGroupResponse> waiting = member.takeJoin();
        if (waiting != null) {
            answers.add(() -> ClassicReplies.reply(waiting, response));
        }
    }

    private void answerSync(ClassicMember member, SyncGroupResponse response) {
        Exchange<SyncGroupRequest, SyncGroupResponse> waiting = member.takeSync();
        if (waiting != null) {
            answers.add(() -> waiting.reply(response));
        }
    }

    @Override
    public String toString() {
        return "Group " + id + ", " + state.label() + ", generation " + generation;
    }
}
