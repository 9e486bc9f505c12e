package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.LeaveGroupRequest;
import dev.kafkaboot.protocol.message.LeaveGroupRequest.MemberIdentity;
import dev.kafkaboot.protocol.message.LeaveGroupResponse;
import dev.kafkaboot.protocol.message.LeaveGroupResponse.MemberResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** LeaveGroup: of one member, or of several at once, as an administrator does it with static ones (KIP-345). */
final class LeaveGroupApi {

    /** From this version on several members leave at once. */
    private static final short FIRST_BATCHED = 3;

    private final GroupCoordinator coordinator;

    private LeaveGroupApi(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        LeaveGroupApi own = new LeaveGroupApi(cluster.groupCoordinator());
        apis.add(new Api<>(LeaveGroupRequest::new, own::leave, (request, version, error) -> new LeaveGroupResponse().errorCode(error.code())));
    }

    private void leave(Exchange<LeaveGroupRequest, LeaveGroupResponse> exchange) {
        LeaveGroupRequest request = exchange.request();
        ErrorCode error = coordinator.check(request.groupId(), exchange.broker());
        if (error != ErrorCode.NONE) {
            exchange.reply(new LeaveGroupResponse().errorCode(error.code()));
            return;
        }
        boolean batched = exchange.version() >= FIRST_BATCHED;
        List<MemberIdentity> leaving = batched ? request.members() : List.of(new MemberIdentity().memberId(request.memberId()));
        List<MemberResponse> left = new ArrayList<>();
        coordinator.answers().after(() -> left.addAll(leave(coordinator.find(request.groupId()), leaving)));
        exchange.reply(batched ? new LeaveGroupResponse().members(left) : new LeaveGroupResponse().errorCode(left.get(0).errorCode()));
    }

    private static List<MemberResponse> leave(@Nullable Group group, List<MemberIdentity> leaving) {
        List<MemberResponse> responses = new ArrayList<>();
        Set<ConsumerMember> gone = new LinkedHashSet<>();
        for (MemberIdentity identity : leaving) {
            ErrorCode error = ErrorCode.UNKNOWN_MEMBER_ID;
            if (group instanceof ClassicGroup classic) {
                error = leave(classic, identity);
            } else if (group instanceof ConsumerGroup consumers) {
                error = MixedGroups.checkLeave(consumers, identity);
                ConsumerMember member = MixedGroups.leaving(consumers, identity);
                if (error == ErrorCode.NONE && member != null) {
                    gone.add(member);
                }
            }
            responses.add(new MemberResponse()
                    .memberId(identity.memberId())
                    .groupInstanceId(identity.groupInstanceId())
                    .errorCode(error.code()));
        }
        if (group instanceof ConsumerGroup consumers) {
            consumers.remove(gone);
        }
        boolean anyLeft = responses.stream().anyMatch(response -> response.errorCode() == ErrorCode.NONE.code());
        if (anyLeft && group instanceof ClassicGroup classic && !classic.isEmpty()) {
            classic.rebalanceOrGoOn();
        }
        return responses;
    }

    private static ErrorCode leave(ClassicGroup group, MemberIdentity identity) {
        ClassicMembers members = group.members();
        String memberId = identity.memberId();
        if (memberId.isEmpty()) {
            memberId = members.idOf(identity.groupInstanceId());
            if (memberId == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
        } else if (!members.pendingJoins().contains(memberId)) {
            ErrorCode error = members.check(memberId, identity.groupInstanceId());
            if (error != ErrorCode.NONE) {
                return error;
            }
        }
        group.takeOut(memberId);
        return ErrorCode.NONE;
    }
}
