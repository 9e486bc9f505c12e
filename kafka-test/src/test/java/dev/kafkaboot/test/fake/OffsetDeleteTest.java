package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.OffsetDeleteRequest;
import dev.kafkaboot.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import dev.kafkaboot.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import dev.kafkaboot.protocol.message.OffsetDeleteResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deletes offsets, if nobody reads the topic. */
class OffsetDeleteTest {

    private static final String GROUP = "billing";

    private final FakeKafka cluster = FakeKafka.builder().build();
    private final TestClient client = new TestClient(cluster, 1, "client");

    @BeforeEach
    void commitSomething() {
        for (String topic : List.of("orders", "returns")) {
            cluster.createTopic(topic);
            client.ask(OffsetRequests.commit(GROUP, topic, Map.of(0, 42L)), 8);
        }
    }

    private OffsetDeleteResponse delete(String group, String topic) {
        OffsetDeleteRequestPartition first = new OffsetDeleteRequestPartition().partitionIndex(0);
        return client.ask(new OffsetDeleteRequest()
                .groupId(group)
                .topics(List.of(new OffsetDeleteRequestTopic().name(topic).partitions(List.of(first)))));
    }

    private boolean isCommitted(String topic) {
        return cluster.groupCoordinator().offsets().find(GROUP, new OffsetKey(topic, 0)) != null;
    }

    private static ErrorCode errorOf(OffsetDeleteResponse response) {
        return ErrorCode.forCode(response.topics().get(0).partitions().get(0).errorCode());
    }

    @Test
    void anEmptyGroupsOffsetsAreDeleted() {
        assertThat(errorOf(delete(GROUP, "orders"))).isEqualTo(ErrorCode.NONE);
        assertThat(isCommitted("orders")).isFalse();
        assertThat(isCommitted("returns")).isTrue();
    }

    @Test
    void offsetsOfATopicThatMembersReadAreNot() {
        new ClassicTestMember(cluster, GROUP).topics("orders").becomeStable("all");

        assertThat(errorOf(delete(GROUP, "orders"))).isEqualTo(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC);
        assertThat(errorOf(delete(GROUP, "returns"))).isEqualTo(ErrorCode.NONE);
        assertThat(isCommitted("orders")).isTrue();
    }

    @Test
    void membersOfAnotherKindForbidIt() {
        ClassicTestMember worker = new ClassicTestMember(cluster, GROUP);
        client.ask(worker.joinRequest().protocolType("connect"), 3);

        assertThat(delete(GROUP, "orders").errorCode()).isEqualTo(ErrorCode.NON_EMPTY_GROUP.code());
    }

    @Test
    void whatIsNotThereIsNotDeleted() {
        assertThat(delete("unknown", "orders").errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
        assertThat(errorOf(delete(GROUP, "nothing"))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
