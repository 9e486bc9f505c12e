package dev.kafkaboot.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.client.TopicIdPartition;
import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.net.ReceivedFrame;
import dev.kafkaboot.client.net.UnsentFrames;
import dev.kafkaboot.protocol.message.ShareFetchResponse;
import dev.kafkaboot.protocol.message.ShareFetchResponse.AcquiredRecords;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of frames that are given to a share consumer's buffer, or back to it. */
class ShareBufferTest {

    private final ShareBuffer buffer = new ShareBuffer();
    private final ReceivedFrame<ShareFetchResponse> frame = UnsentFrames.of(new ShareFetchResponse());
    private final SharedFetch fetch = new SharedFetch(new TopicIdPartition(ScriptedShare.TOPIC_ID, new TopicPartition("orders", 0)), new ShareSession(1), 0, 0,
            List.of(new AcquiredRecords().firstOffset(0).lastOffset(1).deliveryCount((short) 1)), ByteBuffer.allocate(0), frame);

    ShareBufferTest() {
        frame.release(); // from now on it is the fetch's alone
    }

    private void assertFrameIsGivenBack() {
        assertThatThrownBy(frame::retain).isInstanceOf(IllegalStateException.class).hasMessageContaining("released");
    }

    @Test
    void whatAPollGivesBackIsTakenFirst() {
        buffer.putBack(fetch);

        assertThat(buffer.take()).isSameAs(fetch);
        assertThatCode(frame::retain).doesNotThrowAnyException();
    }

    @Test
    void whatWasNotReadWhenItIsClosedGivesItsFrameBack() {
        buffer.add(fetch);

        buffer.close();

        assertThat(buffer.isEmpty()).isTrue();
        assertFrameIsGivenBack();
    }

    @Test
    void whatAPollGivesBackAfterItWasClosedGivesItsFrameBack() {
        buffer.add(fetch);
        assertThat(buffer.take()).isSameAs(fetch);
        buffer.close();

        buffer.putBack(fetch);

        assertThat(buffer.isEmpty()).isTrue();
        assertFrameIsGivenBack();
    }

    @Test
    void whatComesAfterItWasClosedGivesItsFrameBack() {
        buffer.close();

        buffer.add(fetch);

        assertThat(buffer.isEmpty()).isTrue();
        assertFrameIsGivenBack();
    }
}
