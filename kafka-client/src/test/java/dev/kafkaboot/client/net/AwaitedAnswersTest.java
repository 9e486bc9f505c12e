package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long an answer is waited for that nobody wants any more. */
class AwaitedAnswersTest {

    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private final AwaitedAnswers awaited = new AwaitedAnswers(SILENCE_MAX, 0);
    private final PendingRequest<MetadataResponse> request = new PendingRequest<>(ApiKey.METADATA, version -> new MetadataRequest(), "test",
            RequestOptions.of(ConnectionClass.GENERAL, Duration.ofSeconds(5)), 0);

    private static long seconds(int number) {
        return Duration.ofSeconds(number).toNanos();
    }

    private void expire() {
        awaited.add(request);
        request.fail(new IllegalStateException("expired"));
    }

    @Test
    void silenceCountsFromWhenTheBrokerWasLastHeardOf() {
        expire();
        awaited.heard(seconds(10));

        assertThat(awaited.isSilent(seconds(39))).isFalse();
        assertThat(awaited.isSilent(seconds(40))).isTrue();
    }

    @Test
    void answerThatTricklesInIsGivenTimeAndNotForEver() {
        expire();
        for (int second = 0; second < 124; second++) {
            awaited.heard(seconds(second));
            assertThat(awaited.isSilent(seconds(second))).isFalse();
        }

        awaited.heard(seconds(125)); // four times the longest silence after the request's limit of five seconds

        assertThat(awaited.isSilent(seconds(125))).isTrue();
        assertThat(awaited.silenceEndNanos()).isEqualTo(seconds(125));
    }

    @Test
    void pauseThatTheBrokerAskedForIsNoSilenceHoweverLongItIs() {
        expire();
        awaited.paused(seconds(3_600));
        awaited.heard(seconds(20));

        assertThat(awaited.isSilent(seconds(3_629))).isFalse();
        assertThat(awaited.silenceEndNanos()).isEqualTo(seconds(3_630));
        assertThat(awaited.isSilent(seconds(3_630))).isTrue();
    }

    @Test
    void requestThatIsNotLateYetMayBeAnsweredAsSlowlyAsItLikes() {
        awaited.add(request);
        awaited.heard(seconds(4));

        assertThat(awaited.isSilent(seconds(4))).isFalse();
        assertThat(awaited.isHeldUp()).isFalse();
    }
}
