package dev.kafkaboot.test.conformance;

import dev.kafkaboot.protocol.message.DeleteGroupsRequest;
import dev.kafkaboot.protocol.message.DescribeGroupsRequest;
import dev.kafkaboot.protocol.message.ListGroupsRequest;
import dev.kafkaboot.protocol.message.ListGroupsResponse;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups as an administrator sees them. */
class GroupAdminConformanceTest extends ConformanceTest {

    private static void list(Side side, String step, ListGroupsRequest request, int version) throws IOException {
        ListGroupsResponse answer = side.ask(request, version);
        side.tell(step, version, answer.groups(answer.groups().stream()
                .filter(group -> group.groupId().startsWith(side.named("")))
                .sorted(Comparator.comparing(ListGroupsResponse.ListedGroup::groupId))
                .toList()));
    }

    @Test
    void groupsAreListedByStateAndType() throws IOException {
        assertAlike(side -> {
            new Member(side, side.group("stable")).becomeStable();
            new Member(side, side.group("joining")).join("join");
            Member member = new Member(side, side.group("empty")).becomeStable();
            member.leave("leave");
            for (int version = 0; version <= 5; version++) {
                list(side, "all", new ListGroupsRequest(), version);
            }
            for (String state : List.of("Stable", "stable", "Empty", "Dead", "PreparingRebalance", "Wrong")) {
                list(side, state, new ListGroupsRequest().statesFilter(List.of(state)), 4);
            }
            for (String type : List.of("classic", "Classic", "consumer", "share", "wrong")) {
                list(side, type, new ListGroupsRequest().typesFilter(List.of(type)), 5);
            }
        });
    }

    @Test
    void groupsAreDescribed() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            String other = side.group("other");
            DescribeGroupsRequest both = new DescribeGroupsRequest().groups(List.of(group, other));
            Member member = new Member(side, group);
            member.instance = "a";
            member.becomeStable();
            for (int version = 0; version <= 6; version++) {
                side.tell("stable and none", both, version);
            }
            side.tell("with operations", new DescribeGroupsRequest().groups(List.of(group)).includeAuthorizedOperations(true), 6);
            member.leave("leave");
            side.tell("empty and none", both, 6);
        });
    }

    @Test
    void onlyEmptyGroupsAreDeleted() throws IOException {
        assertAlike(side -> {
            String group = side.group("group");
            for (int version = 0; version <= 2; version++) {
                side.tell("unknown", new DeleteGroupsRequest().groupsNames(List.of(group)), version);
            }
            Member member = new Member(side, group).becomeStable();
            side.tell("not empty", new DeleteGroupsRequest().groupsNames(List.of(group)), 2);
            member.leave("leave");
            side.tell("empty", new DeleteGroupsRequest().groupsNames(List.of(group)), 2);
            side.tell("again", new DeleteGroupsRequest().groupsNames(List.of(group)), 2);
            side.tell("describe", new DescribeGroupsRequest().groups(List.of(group)), 6);
        });
    }
}
