package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ConsumerProtocol;
import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.ConsumerProtocolSubscription;
import dev.kafkaboot.protocol.message.HeartbeatRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest;
import dev.kafkaboot.protocol.message.JoinGroupRequest.JoinGroupRequestProtocol;
import dev.kafkaboot.protocol.message.JoinGroupResponse;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest.MemberIdentity;
import dev.kafkaboot.protocol.message.LeaveGroupResponse;
import dev.kafkaboot.protocol.message.SyncGroupRequest;
import dev.kafkaboot.protocol.message.SyncGroupRequest.SyncGroupRequestAssignment;
import dev.kafkaboot.protocol.message.SyncGroupResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Somebody in a classic group, who sends one request after the other. */
final class ClassicTestMember {

    static final int SESSION_MILLIS = 10_000;
    static final int REBALANCE_MILLIS = 30_000;

    private final String groupId;
    private TestClient client;
    private @Nullable String instanceId;
    private List<String> protocols = List.of("range");
    private List<String> topics = List.of("orders");
    private String memberId = "";
    private int generation = -1;
    private @Nullable String selected = "range";
    private int sessionMillis = SESSION_MILLIS;
    private int rebalanceMillis = REBALANCE_MILLIS;

    ClassicTestMember(FakeKafka cluster, String groupId) {
        this.groupId = groupId;
        this.client = TestClient.ofCoordinator(cluster, groupId, "client");
    }

    ClassicTestMember instance(String id) {
        instanceId = id;
        return this;
    }

    ClassicTestMember protocols(String... names) {
        protocols = List.of(names);
        return this;
    }

    ClassicTestMember topics(String... names) {
        topics = List.of(names);
        return this;
    }

    ClassicTestMember sessionMillis(int millis) {
        sessionMillis = millis;
        return this;
    }

    ClassicTestMember rebalanceMillis(int millis) {
        rebalanceMillis = millis;
        return this;
    }

    ClassicTestMember memberId(String id) {
        memberId = id;
        return this;
    }

    ClassicTestMember generation(int number) {
        generation = number;
        return this;
    }

    ClassicTestMember via(TestClient other) {
        client = other;
        return this;
    }

    String id() {
        return memberId;
    }

    int generation() {
        return generation;
    }

    TestClient client() {
        return client;
    }

    JoinGroupRequest joinRequest() {
        byte[] metadata = ConsumerProtocol.encode(new ConsumerProtocolSubscription().topics(topics));
        List<JoinGroupRequestProtocol> offered = new ArrayList<>();
        protocols.forEach(name -> offered.add(new JoinGroupRequestProtocol().name(name).metadata(metadata)));
        return new JoinGroupRequest()
                .groupId(groupId)
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .sessionTimeoutMs(sessionMillis)
                .rebalanceTimeoutMs(rebalanceMillis)
                .protocolType("consumer")
                .protocols(offered);
    }

    /** Joins in the newest version; a dynamic member without an id gets one first. */
    TestClient.Reply<JoinGroupResponse> join() {
        if (memberId.isEmpty() && instanceId == null) {
            JoinGroupResponse invitation = client.ask(joinRequest());
            assertThat(invitation.errorCode()).isEqualTo(ErrorCode.MEMBER_ID_REQUIRED.code());
            memberId = invitation.memberId();
        }
        return client.send(joinRequest(), JoinGroupRequest.HIGHEST_VERSION);
    }

    /** Takes over what a join was answered with. */
    JoinGroupResponse joined(TestClient.Reply<JoinGroupResponse> reply) {
        JoinGroupResponse response = reply.get();
        assertThat(ErrorCode.forCode(response.errorCode())).isEqualTo(ErrorCode.NONE);
        memberId = response.memberId();
        generation = response.generationId();
        selected = response.protocolName();
        return response;
    }

    SyncGroupRequest syncRequest() {
        return new SyncGroupRequest()
                .groupId(groupId)
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .generationId(generation)
                .protocolType("consumer")
                .protocolName(selected);
    }

    /** Asks for the assignment. */
    TestClient.Reply<SyncGroupResponse> sync() {
        return sync(Map.of());
    }

    /** Brings assignments, and asks for its own. */
    TestClient.Reply<SyncGroupResponse> sync(Map<String, String> assignments) {
        List<SyncGroupRequestAssignment> given = assignments.entrySet().stream()
                .map(entry -> new SyncGroupRequestAssignment().memberId(entry.getKey()).assignment(entry.getValue().getBytes(StandardCharsets.UTF_8)))
                .toList();
        return client.send(syncRequest().assignments(given), SyncGroupRequest.HIGHEST_VERSION);
    }

    /** Joins an empty group and assigns itself something, so that the group is stable. */
    ClassicTestMember becomeStable(String assignment) {
        joined(join());
        assertThat(sync(Map.of(memberId, assignment)).get().errorCode()).isZero();
        return this;
    }

    ErrorCode heartbeat() {
        HeartbeatRequest request =
                new HeartbeatRequest().groupId(groupId).memberId(memberId).groupInstanceId(instanceId).generationId(generation);
        return ErrorCode.forCode(client.ask(request).errorCode());
    }

    LeaveGroupResponse leave() {
        return client.ask(new LeaveGroupRequest()
                .groupId(groupId)
                .members(List.of(new MemberIdentity().memberId(memberId).groupInstanceId(instanceId))));
    }
}
