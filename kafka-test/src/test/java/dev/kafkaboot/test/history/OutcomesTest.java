package dev.kafkaboot.test.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ErrorCode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutcomesTest {

    private static Outcome of(String exception, @Nullable String code, Failure.@Nullable Persistence persistence) {
        return Outcomes.of(new Failure(exception, code, persistence, null));
    }

    @Test
    void persistenceGoesBeforeTheErrorCodeAndThatBeforeTheException() {
        assertThat(of("TimeoutException", "REQUEST_TIMED_OUT", Failure.Persistence.NOT_PERSISTED)).isEqualTo(Outcome.FAIL);
        assertThat(of("RecordTooLargeException", "MESSAGE_TOO_LARGE", Failure.Persistence.POSSIBLY_PERSISTED)).isEqualTo(Outcome.UNKNOWN);
        assertThat(of("TimeoutException", "TOPIC_AUTHORIZATION_FAILED", null)).isEqualTo(Outcome.FAIL);
        assertThat(of("BrokerException", "NOT_LEADER_OR_FOLLOWER", null)).isEqualTo(Outcome.UNKNOWN);
        assertThat(of("SendException", null, Failure.Persistence.PERSISTED)).isEqualTo(Outcome.OK);
    }

    @Test
    void whatIsNotInTheTableIsUnknown() {
        assertThat(of("StrangeException", "STRANGE_CODE", null)).isEqualTo(Outcome.UNKNOWN);
        assertThat(of("StrangeException", null, null)).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void everyErrorCodeOfTheTableExists() {
        assertThat(Arrays.stream(ErrorCode.values()).map(Enum::name)).containsAll(
                Outcomes.rows().stream().filter(row -> row.kind() == Outcomes.Kind.ERROR_CODE).map(Outcomes.Row::name).toList());
    }

    @Test
    void onlyTheClientCanSayThatAFailedOperationWasDone() {
        assertThat(Outcomes.rows()).filteredOn(row -> row.outcome() == Outcome.OK).extracting(Outcomes.Row::kind)
                .containsExactly(Outcomes.Kind.PERSISTENCE);
    }
}
