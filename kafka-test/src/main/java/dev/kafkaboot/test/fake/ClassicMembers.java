package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who is in a classic group, who leads it, and which protocol they have in common. */
final class ClassicMembers {

    private final LinkedHashMap<String, ClassicMember> byId = new LinkedHashMap<>();
    private final TreeMap<String, String> idsByInstance = new TreeMap<>();
    private final TreeSet<String> pendingJoins = new TreeSet<>();
    private final LinkedHashSet<String> pendingSyncs = new LinkedHashSet<>();
    private @Nullable String leader;

    /** All of them, in the order in which they came. */
    Collection<ClassicMember> all() {
        return List.copyOf(byId.values());
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    int size() {
        return byId.size();
    }

    @Nullable ClassicMember find(String memberId) {
        return byId.get(memberId);
    }

    /** The member that must be there. */
    ClassicMember get(String memberId) {
        ClassicMember member = byId.get(memberId);
        if (member == null) {
            throw new IllegalStateException("There is no member " + memberId + ", only " + byId.keySet());
        }
        return member;
    }

    /** The id of the member that holds a group.instance.id, or null. */
    @Nullable String idOf(@Nullable String instanceId) {
        return instanceId == null ? null : idsByInstance.get(instanceId);
    }

    /** Whether a request may speak for a member. */
    ErrorCode check(String memberId, @Nullable String instanceId) {
        if (instanceId != null) {
            String holder = idsByInstance.get(instanceId);
            if (holder == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
            if (!holder.equals(memberId)) {
                return ErrorCode.FENCED_INSTANCE_ID;
            }
        }
        return byId.containsKey(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    }

    void add(ClassicMember member) {
        byId.put(member.id(), member);
        String instanceId = member.instanceId();
        if (instanceId != null) {
            idsByInstance.put(instanceId, member.id());
        }
        if (leader == null) {
            leader = member.id();
        }
        pendingJoins.remove(member.id());
    }

    /** Takes a member out, or one that was to join; does nothing if it is neither. */
    void remove(String memberId) {
        ClassicMember removed = byId.remove(memberId);
        String instanceId = removed == null ? null : removed.instanceId();
        if (instanceId != null) {
            idsByInstance.remove(instanceId);
        }
        if (memberId.equals(leader)) {
            leader = byId.isEmpty() ? null : byId.keySet().iterator().next();
        }
        pendingJoins.remove(memberId);
        pendingSyncs.remove(memberId);
    }

    /** Puts a static member's new incarnation in its place; a leader stays one. */
    void replace(ClassicMember old, ClassicMember incarnation) {
        boolean led = old.id().equals(leader);
        byId.remove(old.id());
        add(incarnation);
        if (led) {
            leader = incarnation.id();
        }
    }

    void clear() {
        byId.clear();
        idsByInstance.clear();
        pendingJoins.clear();
        pendingSyncs.clear();
        leader = null;
    }

    // ---- the leader

    @Nullable String leader() {
        return leader;
    }

    void leader(@Nullable String memberId) {
        leader = memberId;
    }

    boolean isLeader(String memberId) {
        return memberId.equals(leader);
    }

    /** Sees to it that the leader is one who has joined, and tells whether there is such a member. */
    boolean electWhoJoined() {
        if (leader == null || get(leader).awaitsJoin()) {
            return leader != null;
        }
        for (ClassicMember member : byId.values()) {
            if (member.awaitsJoin()) {
                leader = member.id();
                return true;
            }
        }
        return false;
    }

    // ---- who is awaited

    /** Ids that were given out, and whose owners have not joined with them yet (KIP-394). */
    Set<String> pendingJoins() {
        return pendingJoins;
    }

    /** Members that have joined this generation, and have not asked for their assignment yet. */
    Set<String> pendingSyncs() {
        return pendingSyncs;
    }

    int awaitingJoin() {
        return (int) byId.values().stream().filter(ClassicMember::awaitsJoin).count();
    }

    boolean allJoined() {
        return pendingJoins.isEmpty() && byId.values().stream().allMatch(ClassicMember::awaitsJoin);
    }

    /** The longest that a member wants to be awaited. */
    int rebalanceTimeoutMillis() {
        return byId.values().stream().mapToInt(ClassicMember::rebalanceTimeoutMillis).max().orElse(0);
    }

    // ---- the protocol

    /** Whether one of the protocols is supported by all members that there are. */
    boolean haveInCommon(List<JoinGroupRequestProtocol> protocols) {
        return protocols.stream().anyMatch(protocol -> isCommon(protocol.name()));
    }

    /** The protocol that most members prefer, of those that all support; among equals the one that was first voted for. */
    String selectProtocol() {
        Set<String> candidates = new TreeSet<>();
        byId.values().forEach(member -> member.protocols().stream()
                .map(JoinGroupRequestProtocol::name)
                .filter(this::isCommon)
                .forEach(candidates::add));
        Map<String, Integer> votes = new LinkedHashMap<>();
        byId.values().forEach(member -> votes.merge(member.vote(candidates), 1, Integer::sum));
        String winner = null;
        for (String candidate : votes.keySet()) {
            if (winner == null || votes.getOrDefault(candidate, 0) > votes.getOrDefault(winner, 0)) {
                winner = candidate;
            }
        }
        if (winner == null) {
            throw new IllegalStateException("A group without members selects no protocol");
        }
        return winner;
    }

    private boolean isCommon(String protocol) {
        return byId.values().stream().allMatch(member -> member.supports(protocol));
    }
}
