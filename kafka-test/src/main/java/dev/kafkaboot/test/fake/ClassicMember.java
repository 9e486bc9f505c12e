package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A member of a classic group: what it said of itself, what it was given, and the request of it that waits. */
final class ClassicMember {

    /** Where all members are said to be: connections of a fake cluster come from nowhere. */
    static final String HOST = "/127.0.0.1";

    private static final byte[] NOTHING = {};

    private final String id;
    private final @Nullable String instanceId;
    private final String clientId;
    private List<JoinGroupRequestProtocol> protocols;
    private int rebalanceTimeoutMillis;
    private int sessionTimeoutMillis;
    private byte[] assignment = NOTHING;
    private @Nullable Exchange<JoinGroupRequest, JoinGroupResponse> join;
    private @Nullable Exchange<SyncGroupRequest, SyncGroupResponse> sync;
    private boolean isNew;

    ClassicMember(
            String id, @Nullable String instanceId, String clientId, List<JoinGroupRequestProtocol> protocols, int rebalanceTimeoutMillis,
            int sessionTimeoutMillis) {
        this.id = id;
        this.instanceId = instanceId;
        this.clientId = clientId;
        this.protocols = List.copyOf(protocols);
        this.rebalanceTimeoutMillis = rebalanceTimeoutMillis;
        this.sessionTimeoutMillis = sessionTimeoutMillis;
    }

    /** The same member under another id, as of a static one that came back. */
    ClassicMember renamed(String newId) {
        ClassicMember renamed = new ClassicMember(newId, instanceId, clientId, protocols, rebalanceTimeoutMillis, sessionTimeoutMillis);
        renamed.assignment = assignment;
        return renamed;
    }

    /** What is left of it in the log: of its protocols, the one that was selected. */
    ClassicMember asWritten(@Nullable String protocol) {
        List<JoinGroupRequestProtocol> selected = protocols.stream().filter(own -> own.name().equals(protocol)).toList();
        ClassicMember written = new ClassicMember(id, instanceId, clientId, selected, rebalanceTimeoutMillis, sessionTimeoutMillis);
        written.assignment = assignment;
        return written;
    }

    String id() {
        return id;
    }

    @Nullable String instanceId() {
        return instanceId;
    }

    boolean isStatic() {
        return instanceId != null;
    }

    String clientId() {
        return clientId;
    }

    int rebalanceTimeoutMillis() {
        return rebalanceTimeoutMillis;
    }

    int sessionTimeoutMillis() {
        return sessionTimeoutMillis;
    }

    /** Takes over what a member says of itself when it joins again. */
    void update(List<JoinGroupRequestProtocol> newProtocols, int newRebalanceTimeoutMillis, int newSessionTimeoutMillis) {
        protocols = List.copyOf(newProtocols);
        rebalanceTimeoutMillis = newRebalanceTimeoutMillis;
        sessionTimeoutMillis = newSessionTimeoutMillis;
    }

    List<JoinGroupRequestProtocol> protocols() {
        return protocols;
    }

    boolean supports(String protocol) {
        return protocols.stream().anyMatch(own -> own.name().equals(protocol));
    }

    /** The first of its protocols that is among the candidates. */
    String vote(Set<String> candidates) {
        return protocols.stream()
                .map(JoinGroupRequestProtocol::name)
                .filter(candidates::contains)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Member " + id + " supports none of " + candidates));
    }

    /** Whether it said just the same of its protocols before. */
    boolean matches(List<JoinGroupRequestProtocol> others) {
        if (protocols.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < others.size(); i++) {
            JoinGroupRequestProtocol own = protocols.get(i);
            JoinGroupRequestProtocol other = others.get(i);
            if (!own.name().equals(other.name()) || !Arrays.equals(own.metadata(), other.metadata())) {
                return false;
            }
        }
        return true;
    }

    /** What it says for a protocol; nothing, if it does not support it. */
    byte[] metadata(@Nullable String protocol) {
        return protocols.stream()
                .filter(own -> own.name().equals(protocol))
                .map(JoinGroupRequestProtocol::metadata)
                .findFirst()
                .orElse(NOTHING);
    }

    byte[] assignment() {
        return assignment;
    }

    void assign(byte[] bytes) {
        assignment = bytes;
    }

    void assignNothing() {
        assignment = NOTHING;
    }

    /** Whether it never heard its id yet, and so cannot send heartbeats. */
    boolean isNew() {
        return isNew;
    }

    void isNew(boolean value) {
        isNew = value;
    }

    boolean awaitsJoin() {
        return join != null;
    }

    void awaitJoin(Exchange<JoinGroupRequest, JoinGroupResponse> exchange) {
        join = exchange;
    }

    /** The join that waits, which does so no more; null, if none does. */
    @Nullable Exchange<JoinGroupRequest, JoinGroupResponse> takeJoin() {
        Exchange<JoinGroupRequest, JoinGroupResponse> waiting = join;
        join = null;
        return waiting;
    }

    boolean awaitsSync() {
        return sync != null;
    }

    void awaitSync(Exchange<SyncGroupRequest, SyncGroupResponse> exchange) {
        sync = exchange;
    }

    /** The sync that waits, which does so no more; null, if none does. */
    @Nullable Exchange<SyncGroupRequest, SyncGroupResponse> takeSync() {
        Exchange<SyncGroupRequest, SyncGroupResponse> waiting = sync;
        sync = null;
        return waiting;
    }

    /** Whether it may be silent: it waits for the others, and has been heard since it is a member. */
    boolean mayBeSilent() {
        return !isNew && (awaitsJoin() || awaitsSync());
    }
}
