package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.client.KafkaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the polling thread of a run does, whatever its steps do. */
@Timeout(60)
class PollLoopTests implements PollLoop.Steps {

    private final JoinWatch joins = new JoinWatch("test", Duration.ofMinutes(5));
    private final PollLoop loop = new PollLoop("test", new ContainerProperties("orders"), CompletableFuture.completedFuture(null), joins, this);
    private final List<String> called = new ArrayList<>();
    private final List<RuntimeException> failures = new ArrayList<>();
    private RuntimeException subscribeFailure;
    private RuntimeException handlingFailure;
    private Runnable onPoll = () -> {};
    private int polls = 1;

    @Override
    public void subscribe() {
        called.add("subscribe");
        if (subscribeFailure != null) {
            throw subscribeFailure;
        }
    }

    @Override
    public boolean hasEnded() {
        return polls-- == 0;
    }

    @Override
    public void pollOnce() {
        called.add("poll");
        onPoll.run();
        if (!failures.isEmpty()) {
            throw failures.remove(0);
        }
    }

    @Override
    public void pollFailed(Throwable failure) {
        called.add("failed " + failure.getMessage());
        if (handlingFailure != null) {
            throw handlingFailure;
        }
        loop.waitAfterFailure(loop.counted(failure));
    }

    @Override
    public Duration longestWait() {
        return Duration.ZERO;
    }

    @Test
    void pollThatFailsIsCountedAndFollowedByAnother() {
        polls = 2;
        failures.add(new KafkaException("no broker"));

        loop.run();

        assertThat(called).containsExactly("subscribe", "poll", "failed no broker", "poll");
        assertThat(loop.failures().last()).hasMessage("no broker");
        assertThat(loop.failures().areMany()).isFalse();
    }

    @Test
    void failureWithWhichNobodyCanDealEndsNothing() {
        polls = 2;
        failures.add(new KafkaException("no broker"));
        handlingFailure = new IllegalStateException("no memory");

        loop.run();

        assertThat(called).containsExactly("subscribe", "poll", "failed no broker", "poll");
        assertThat(loop.failures().last()).hasMessage("no broker");
    }

    @Test
    void failureOfAPollThatIsStillToSendSomethingAfterTheStopIsNone() {
        polls = 2;
        failures.add(new KafkaException("closed"));
        onPoll = loop::requestStop;

        loop.run();

        assertThat(called).containsExactly("subscribe", "poll", "poll");
        assertThat(loop.failures().last()).isNull();
    }

    @Test
    void loopThatCannotSubscribeHasEndedAndSaysWhy() {
        subscribeFailure = new KafkaException("no such thing");

        loop.run();

        assertThat(called).containsExactly("subscribe");
        assertThat(loop.failures().last()).hasMessage("no such thing");
        assertThat(loop.failures().areMany()).isTrue();
        loop.awaitEnd(Duration.ofDays(1));
    }

    @Test
    void pollTimeoutIsNeverSoShortThatTheThreadSpins() {
        ContainerProperties properties = new ContainerProperties("orders");
        properties.setPollTimeout(Duration.ZERO);

        assertThat(new PollLoop("test", properties, CompletableFuture.completedFuture(null), joins, this).pollTimeout()).isPositive();
        assertThat(loop.pollTimeout()).isEqualTo(Duration.ofMillis(500));
    }
}
