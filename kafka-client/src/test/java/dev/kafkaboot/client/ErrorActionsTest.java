package dev.kafkaboot.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorActionsTest {

    @Test
    void codeMeansTheSameInMostAnswers() {
        assertThat(ErrorActions.of(ApiKey.PRODUCE, ErrorCode.NOT_LEADER_OR_FOLLOWER)).isEqualTo(ErrorAction.REFRESH_METADATA);
        assertThat(ErrorActions.of(ApiKey.FETCH, ErrorCode.NOT_LEADER_OR_FOLLOWER)).isEqualTo(ErrorAction.REFRESH_METADATA);
        assertThat(ErrorActions.of(ApiKey.HEARTBEAT, ErrorCode.UNKNOWN_MEMBER_ID)).isEqualTo(ErrorAction.REJOIN);
        assertThat(ErrorActions.of(ApiKey.JOIN_GROUP, ErrorCode.NOT_COORDINATOR)).isEqualTo(ErrorAction.FIND_COORDINATOR);
        assertThat(ErrorActions.of(ApiKey.METADATA, ErrorCode.NONE)).isEqualTo(ErrorAction.NONE);
    }

    @Test
    void requestMayGiveACodeAnotherMeaning() {
        assertThat(ErrorActions.of(ApiKey.PRODUCE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)).isEqualTo(ErrorAction.REFRESH_METADATA);
        assertThat(ErrorActions.of(ApiKey.DELETE_TOPICS, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)).isEqualTo(ErrorAction.FAIL);
        assertThat(ErrorActions.of(ApiKey.INIT_PRODUCER_ID, ErrorCode.INVALID_PRODUCER_EPOCH)).isEqualTo(ErrorAction.FATAL);
        assertThat(ErrorActions.of(ApiKey.PRODUCE, ErrorCode.INVALID_PRODUCER_EPOCH)).isEqualTo(ErrorAction.ABORT);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void codeThatIsInNoRowIsRetriedOnlyIfKafkaCallsItRetriable(ErrorCode code) {
        ErrorAction action = ErrorActions.of(ApiKey.LIST_GROUPS, code);

        if (action == ErrorAction.FAIL) {
            assertThat(code.isRetriable()).isFalse();
        }
        if (action.isRetry()) {
            assertThat(code.isRetriable()).isTrue();
        }
    }
}
