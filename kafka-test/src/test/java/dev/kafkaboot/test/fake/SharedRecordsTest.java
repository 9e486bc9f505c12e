package dev.kafkaboot.test.fake;

import static dev.kafkaboot.test.fake.ShareTestMember.ACCEPT;
import static dev.kafkaboot.test.fake.ShareTestMember.RELEASE;
import static dev.kafkaboot.test.fake.ShareTestMember.RENEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import dev.kafkaboot.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import dev.kafkaboot.protocol.message.ShareAcknowledgeRequest;
import dev.kafkaboot.protocol.message.ShareFetchResponse;
import dev.kafkaboot.protocol.message.ShareFetchResponse.PartitionData;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records of share groups over time: locks that run out, leaders that move, connections that end (KIP-932). What one broker answers is in the conformance tests. */
class SharedRecordsTest {

    private static final String GROUP = "billing";
    private static final int LOCK_MILLIS = 30_000;

    private final FakeKafka cluster = FakeKafka.builder().brokers(3).maxShareSessions(2).build();

    @BeforeEach
    void createTopic() {
        cluster.createTopic("orders", 1);
        configure("share.auto.offset.reset", "earliest");
    }

    private void configure(String key, String value) {
        var config = new AlterableConfig().name(key).value(value);
        var resource = new AlterConfigsResource().resourceType((byte) 32).resourceName(GROUP).configs(List.of(config));
        var answer = new TestClient(cluster, 1).ask(new IncrementalAlterConfigsRequest().resources(List.of(resource)));
        assertThat(answer.responses().get(0).errorCode()).isZero();
    }

    private ShareTestMember member(String id) {
        return new ShareTestMember(cluster, GROUP, id, "orders").joined();
    }

    private void produce(String... values) {
        TestClient leader = new TestClient(cluster, cluster.leaderOf("orders", 0));
        leader.ask(LogRequests.produce(cluster, "orders", LogRequests.ALL, TestBatch.of(values).bytes()));
    }

    private void pass(long millis) {
        cluster.advanceTo(cluster.nowNanos() + Duration.ofMillis(millis).toNanos());
    }

    private static PartitionData only(ShareFetchResponse response) {
        return response.responses().get(0).partitions().get(0);
    }

    @Test
    void aGroupBeginsWithWhatComesAfterItsFirstFetch() {
        configure("share.auto.offset.reset", "latest");
        ShareTestMember a = member("a");
        produce("before");

        List<String> first = a.fetch();
        produce("after");

        assertThat(first).isEmpty();
        assertThat(a.fetch()).containsExactly("1-1 x 1");
    }

    @Test
    void aFetchWaitsForRecords() {
        ShareTestMember a = member("a");
        var reply = a.send(a.fetchRequest().maxWaitMs(500));
        boolean before = reply.isHere();

        produce("x");

        assertThat(before).isFalse();
        assertThat(ShareTestMember.acquired(reply.get())).containsExactly("0-0 x 1");
    }

    @Test
    void aFetchDoesNotWaitForever() {
        ShareTestMember a = member("a");
        var reply = a.send(a.fetchRequest().maxWaitMs(500));

        pass(499);
        boolean before = reply.isHere();
        pass(1);

        assertThat(before).isFalse();
        assertThat(ShareTestMember.acquired(reply.get())).isEmpty();
    }

    @Test
    void whoTakesTooLongLosesTheRecordsToWhoWaits() {
        produce("x", "y", "z");
        ShareTestMember a = member("a");
        ShareTestMember b = member("b");
        a.fetch();
        a.acknowledge(1, 1, ACCEPT);
        var waiting = b.send(b.fetchRequest().maxWaitMs(60_000));

        pass(LOCK_MILLIS - 1);
        boolean before = waiting.isHere();
        pass(1);

        assertThat(before).isFalse();
        assertThat(ShareTestMember.acquired(waiting.get())).containsExactly("0-0 x 2", "2-2 x 2");
        assertThat(a.acknowledge(0, 0, ACCEPT)).isEqualTo(ErrorCode.INVALID_RECORD_STATE);
    }

    @Test
    void aRenewalGivesMoreTime() {
        produce("x", "y");
        ShareTestMember a = member("a");
        a.fetch();

        pass(LOCK_MILLIS - 1);
        ErrorCode renewed = a.acknowledge(0, 0, RENEW);
        pass(LOCK_MILLIS - 1);
        ErrorCode inTime = a.acknowledge(0, 0, ACCEPT);

        assertThat(renewed).isEqualTo(ErrorCode.NONE);
        assertThat(inTime).isEqualTo(ErrorCode.NONE);
        assertThat(a.acknowledge(1, 1, ACCEPT)).isEqualTo(ErrorCode.INVALID_RECORD_STATE);
    }

    @Test
    void theTimeThatAGroupGivesIsTold() {
        configure("share.record.lock.duration.ms", "15000");
        produce("x");
        ShareTestMember a = member("a");

        ShareFetchResponse response = a.send(a.fetchRequest()).get();
        pass(15_000);

        assertThat(response.acquisitionLockTimeoutMs()).isEqualTo(15_000);
        assertThat(a.fetch()).containsExactly("0-0 x 2");
    }

    @Test
    void aRecordThatTimesOutTooOftenIsGivenUp() {
        configure("share.delivery.count.limit", "2");
        produce("x");
        ShareTestMember a = member("a");

        a.fetch();
        pass(LOCK_MILLIS);
        List<String> last = a.fetch();
        pass(LOCK_MILLIS);

        assertThat(last).containsExactly("0-0 x 2");
        assertThat(a.fetch()).isEmpty();
    }

    @Test
    void aConnectionThatEndsGivesBackWhatItsMemberHas() {
        produce("x");
        ShareTestMember a = member("a");
        ShareTestMember b = member("b");
        a.fetch();
        var waiting = b.send(b.fetchRequest().maxWaitMs(500));

        a.leader().disconnect();

        assertThat(ShareTestMember.acquired(waiting.get())).containsExactly("0-0 x 2");
    }

    @Test
    void whoAsksTheOldLeaderIsToldOfTheNewOne() {
        produce("x");
        ShareTestMember a = member("a");
        a.fetch();
        int next = cluster.leaderOf("orders", 0) % 3 + 1;

        cluster.moveLeader("orders", 0, next);
        PartitionData fetched = only(a.send(a.fetchRequest()).get());
        ErrorCode acknowledged = a.acknowledge(0, 0, ACCEPT);

        assertThat(ErrorCode.forCode(fetched.errorCode())).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(fetched.currentLeader().leaderId()).isEqualTo(next);
        assertThat(acknowledged).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void aNewLeaderKnowsWhatBecameOfRecordsAndNotWhoHadThem() {
        produce("a", "b", "c", "d");
        ShareTestMember a = member("a");
        a.fetch();
        a.acknowledge(0, 0, ACCEPT);
        a.acknowledge(1, 1, RELEASE);
        a.fetch(); // 1 for the second time

        cluster.moveLeader("orders", 0, cluster.leaderOf("orders", 0) % 3 + 1);
        a.followLeader();

        assertThat(a.fetch()).containsExactly("1-1 x 2", "2-3 x 1");
    }

    @Test
    void thereIsRoomForSoManySessions() {
        ShareTestMember a = member("a");
        a.fetch();
        member("b").fetch();
        ShareTestMember c = member("c");

        ErrorCode full = ErrorCode.forCode(c.send(c.fetchRequest()).get().errorCode());
        a.leader().disconnect();
        c.followLeader();

        assertThat(full).isEqualTo(ErrorCode.SHARE_SESSION_LIMIT_REACHED);
        assertThat(c.send(c.fetchRequest()).get().errorCode()).isZero();
    }

    @Test
    void everyErrorCanBeScripted() {
        produce("x");
        ShareTestMember a = member("a");
        a.fetch();
        for (ErrorCode error : ErrorCode.values()) {
            if (error != ErrorCode.NONE) {
                cluster.on(ShareAcknowledgeRequest.class).fail(error);

                ErrorCode answered = ErrorCode.forCode(error(a, error));

                assertThat(answered).isEqualTo(error);
            }
        }
    }

    private static short error(ShareTestMember member, ErrorCode error) {
        var response = member.leader().ask(member.acknowledgement(0, 0, ACCEPT), 2);
        return ShareErrors.isAboutPartitions(error) ? response.responses().get(0).partitions().get(0).errorCode() : response.errorCode();
    }
}
