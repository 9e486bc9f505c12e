package dev.kafkaboot.test.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether a producer may commit offsets for a consumer, in a transaction (KIP-447). */
class TransactionalCommitTest {

    private static final String GROUP = "billing";

    private final FakeKafka cluster = FakeKafka.builder().build();

    private ErrorCode check(String memberId, int generation) {
        return cluster.groupCoordinator()
                .commits()
                .check(GROUP, new Committer(memberId, null, generation, /* transactional= */ true, (short) 3, List.of(new OffsetKey("orders", 0))));
    }

    @Test
    void aProducerThatNamesNobodyMayCommitEvenWhileThereAreMembers() {
        ErrorCode without = check("", -1);
        new ClassicTestMember(cluster, GROUP).becomeStable("all");
        ErrorCode with = check("", -1);

        assertThat(without).isEqualTo(ErrorCode.NONE);
        assertThat(with).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aMemberIsFencedByItsGeneration() {
        ClassicTestMember member = new ClassicTestMember(cluster, GROUP).becomeStable("all");

        assertThat(check(member.id(), 1)).isEqualTo(ErrorCode.NONE);
        assertThat(check(member.id(), 0)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(check("stranger", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aMemberMayCommitWhileAssignmentsAreAwaited() {
        ClassicTestMember member = new ClassicTestMember(cluster, GROUP);
        member.joined(member.join());

        assertThat(check(member.id(), 1)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aGenerationOfAGroupThatIsNotThereIsRefused() {
        assertThat(check("member", 1)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
    }
}
