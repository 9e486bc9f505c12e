package dev.kafkaboot.test.fake;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.DeleteGroupsRequest;
import dev.kafkaboot.protocol.message.DeleteGroupsResponse;
import dev.kafkaboot.protocol.message.DeleteGroupsResponse.DeletableGroupResult;
import dev.kafkaboot.protocol.message.DescribeGroupsRequest;
import dev.kafkaboot.protocol.message.DescribeGroupsResponse;
import dev.kafkaboot.protocol.message.DescribeGroupsResponse.DescribedGroup;
import dev.kafkaboot.protocol.message.DescribeGroupsResponse.DescribedGroupMember;
import dev.kafkaboot.protocol.message.ListGroupsRequest;
import dev.kafkaboot.protocol.message.ListGroupsResponse;
import dev.kafkaboot.protocol.message.ListGroupsResponse.ListedGroup;
import java.util.List;

/** ListGroups, DescribeGroups and DeleteGroups. */
final class GroupAdminApis {

    /** From this version on a group that is not there is an error, and not a dead one (KIP-1043). */
    private static final short FIRST_DESCRIBE_WITH_NOT_FOUND = 6;

    private final GroupCoordinator coordinator;

    private GroupAdminApis(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    static void addTo(Apis apis, FakeKafka cluster) {
        GroupAdminApis own = new GroupAdminApis(cluster.groupCoordinator());
        apis.add(new Api<>(ListGroupsRequest::new, own::list, (request, version, error) -> new ListGroupsResponse().errorCode(error.code())));
        apis.add(new Api<>(DescribeGroupsRequest::new, own::describe, GroupAdminApis::describeFailure));
        apis.add(new Api<>(DeleteGroupsRequest::new, own::delete, GroupAdminApis::deleteFailure));
    }

    // ---- ListGroups: of each broker those that it coordinates

    private void list(Exchange<ListGroupsRequest, ListGroupsResponse> exchange) {
        ListGroupsRequest request = exchange.request();
        FakeBroker broker = exchange.broker();
        boolean loading = coordinator.all().stream()
                .anyMatch(group -> coordinator.checkAlsoUnnamed(group.id(), broker) == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        if (loading) {
            exchange.reply(new ListGroupsResponse().errorCode(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code()));
            return;
        }
        exchange.reply(new ListGroupsResponse()
                .groups(coordinator.all().stream()
                        .filter(group -> coordinator.checkAlsoUnnamed(group.id(), broker) == ErrorCode.NONE)
                        .filter(group -> isAmong(request.statesFilter(), group.stateName()) && isAmong(request.typesFilter(), group.type()))
                        .map(group -> new ListedGroup()
                                .groupId(group.id())
                                .protocolType(group.protocolType())
                                .groupState(group.stateName())
                                .groupType(group.type()))
                        .toList()));
    }

    private static boolean isAmong(List<String> wanted, String value) {
        return wanted.isEmpty() || wanted.stream().anyMatch(value::equalsIgnoreCase);
    }

    // ---- DescribeGroups

    private void describe(Exchange<DescribeGroupsRequest, DescribeGroupsResponse> exchange) {
        boolean wantsOperations = exchange.request().includeAuthorizedOperations();
        exchange.reply(new DescribeGroupsResponse()
                .groups(exchange.request().groups().stream()
                        .map(id -> describe(id, exchange.broker(), exchange.version()))
                        .map(group -> group.authorizedOperations(AuthorizedOperations.onGroup(wantsOperations, group.errorCode())))
                        .toList()));
    }

    private DescribedGroup describe(String id, FakeBroker broker, short version) {
        ErrorCode error = coordinator.checkAlsoUnnamed(id, broker);
        if (error != ErrorCode.NONE) {
            return new DescribedGroup().groupId(id).errorCode(error.code());
        }
        if (coordinator.find(id) instanceof ClassicGroup group) {
            return describe(group);
        }
        DescribedGroup dead = new DescribedGroup().groupId(id).groupState(ClassicState.DEAD.label());
        if (version < FIRST_DESCRIBE_WITH_NOT_FOUND) {
            return dead;
        }
        String reason = coordinator.find(id) == null ? "There is no group " + id : "Group " + id + " is not a classic group";
        return dead.errorCode(ErrorCode.GROUP_ID_NOT_FOUND.code()).errorMessage(reason);
    }

    private static DescribedGroup describe(ClassicGroup group) {
        boolean stable = group.state() == ClassicState.STABLE;
        String protocol = group.protocolName();
        return new DescribedGroup()
                .groupId(group.id())
                .groupState(group.stateName())
                .protocolType(group.protocolType())
                .protocolData(stable && protocol != null ? protocol : "")
                .members(group.members().all().stream()
                        .map(member -> new DescribedGroupMember()
                                .memberId(member.id())
                                .groupInstanceId(member.instanceId())
                                .clientId(member.clientId())
                                .clientHost(ClassicMember.HOST)
                                .memberMetadata(stable ? member.metadata(protocol) : new byte[0])
                                .memberAssignment(member.assignment()))
                        .toList());
    }

    private static DescribeGroupsResponse describeFailure(DescribeGroupsRequest request, short version, ErrorCode error) {
        return new DescribeGroupsResponse()
                .groups(request.groups().stream().map(id -> new DescribedGroup().groupId(id).errorCode(error.code())).toList());
    }

    // ---- DeleteGroups

    private void delete(Exchange<DeleteGroupsRequest, DeleteGroupsResponse> exchange) {
        exchange.reply(new DeleteGroupsResponse()
                .results(exchange.request().groupsNames().stream()
                        .map(id -> deleted(id, delete(id, exchange.broker())))
                        .toList()));
    }

    private ErrorCode delete(String id, FakeBroker broker) {
        ErrorCode error = coordinator.checkAlsoUnnamed(id, broker);
        if (error != ErrorCode.NONE) {
            return error;
        }
        Group group = coordinator.find(id);
        if (group == null) {
            return ErrorCode.GROUP_ID_NOT_FOUND;
        }
        if (!group.isEmpty()) {
            return ErrorCode.NON_EMPTY_GROUP;
        }
        coordinator.delete(group);
        return ErrorCode.NONE;
    }

    private static DeletableGroupResult deleted(String id, ErrorCode error) {
        return new DeletableGroupResult().groupId(id).errorCode(error.code());
    }

    private static DeleteGroupsResponse deleteFailure(DeleteGroupsRequest request, short version, ErrorCode error) {
        return new DeleteGroupsResponse().results(request.groupsNames().stream().map(id -> deleted(id, error)).toList());
    }
}
