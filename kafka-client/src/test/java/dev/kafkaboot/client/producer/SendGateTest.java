package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.net.EventLoop;
import org.junit.jupiter.api.Test;

class SendGateTest {

    @Test
    void whoCouldNotEvenBeRefusedIsNotInside() {
        try (EventLoop loop = EventLoop.start("send-gate-test")) {
            SendGate gate = new SendGate(loop, () -> {
                throw new StackOverflowError("simulated");
            }, () -> {});

            assertThatThrownBy(() -> gate.enter(1)).isInstanceOf(StackOverflowError.class);

            assertThat(gate.isEmpty()).isTrue();
        }
    }
}
