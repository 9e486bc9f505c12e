package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedTxnStateTest {

    @Test
    void whatIsWrittenCanBeRead() {
        PreparedTxnState state = new PreparedTxnState(Long.MAX_VALUE, Short.MAX_VALUE);

        assertThat(new PreparedTxnState(state.toString())).isEqualTo(state);
        assertThat(new PreparedTxnState(new PreparedTxnState().toString())).isEqualTo(new PreparedTxnState());
    }

    @Test
    void textIsApaches() {
        var theirs = new org.apache.kafka.clients.producer.PreparedTxnState("41:3");

        assertThat(new PreparedTxnState(41, (short) 3)).hasToString(theirs.toString());
        assertThat(new PreparedTxnState()).hasToString(new org.apache.kafka.clients.producer.PreparedTxnState().toString());
    }

    @Test
    void noTransactionSaysSo() {
        assertThat(new PreparedTxnState().hasTransaction()).isFalse();
        assertThat(new PreparedTxnState("0:0").hasTransaction()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", ":", "1", "1:", ":1", "1:2:3", "-1:-1", "1:-1", "+1:1", "1:32768", "9223372036854775808:1", "a:1", "1 :1"})
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> new PreparedTxnState(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
