package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

    /** Codes up to this one are in every release that this is built against. */
    private static final int LAST_OF_4_3 = 133;

    @Test
    void everyErrorOfApacheHasTheSameNameCodeAndRetriability() {
        for (Errors theirs : Errors.values()) {
            ErrorCode ours = ErrorCode.forCode(theirs.code());

            assertThat(ours.name()).isEqualTo(theirs.name());
            assertThat(ours.code()).isEqualTo(theirs.code());
            assertThat(ours.isRetriable()).as(ours.name()).isEqualTo(theirs.exception() instanceof RetriableException);
            assertThat(ours.message()).as(ours.name()).endsWith(".");
        }
    }

    @Test
    void onlyErrorsOfNewerReleasesAreUnknownToApache() {
        for (ErrorCode ours : ErrorCode.values()) {
            if (ours.code() <= LAST_OF_4_3) {
                assertThat(Errors.forCode(ours.code()).name()).isEqualTo(ours.name());
            }
        }
    }

    @Test
    void everyCodeFromTheFirstToTheLastFindsItsOwnError() {
        for (short code = -1; code <= 136; code++) {
            assertThat(ErrorCode.forCode(code).code()).isEqualTo(code);
        }
        assertThat(ErrorCode.values()).hasSize(138);
    }

    @Test
    void aCodeOfALaterBrokerIsAnUnknownServerError() {
        assertThat(ErrorCode.forCode((short) 137)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(ErrorCode.forCode((short) -2)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(ErrorCode.forCode((short) 9999)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }
}
