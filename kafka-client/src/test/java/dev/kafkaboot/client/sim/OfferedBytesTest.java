package dev.kafkaboot.client.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What may become of bytes that a client has offered to write. */
class OfferedBytesTest {

    private final OfferedBytes offered = new OfferedBytes();

    /** Found with seed 1138 of {@link ConnectionsUnderFaultsTest}: a request that had timed out before it was written was taken for changed memory. */
    @Test
    void requestOfWhichNothingWasWrittenMayBeWithdrawn() {
        offer(0, request(1, 7), request(2, 7));

        assertThat(isAsBefore(request(2, 7), request(3, 7))).isTrue();
    }

    @Test
    void requestThatChangesBeforeItIsWrittenIsNoticed() {
        offer(0, request(1, 7), request(2, 7));

        assertThat(isAsBefore(request(2, 8))).isFalse();
    }

    @Test
    void requestThatWasBegunGoesOn() {
        offer(20, request(1, 7), request(2, 7));

        assertThat(isAsBefore(rest(request(2, 7), 4), request(3, 7))).isTrue();
    }

    @Test
    void requestThatWasBegunIsNotWithdrawn() {
        offer(20, request(1, 7), request(2, 7));

        assertThat(isAsBefore(request(3, 7))).isFalse();
    }

    @Test
    void requestThatWasBegunDoesNotChangeLater() {
        offer(20, request(1, 7), request(2, 7));
        isAsBefore(rest(request(2, 7), 4), request(3, 7));
        offered.written(0);

        assertThat(isAsBefore(rest(request(2, 8), 4), request(3, 7))).isFalse();
    }

    private void offer(int written, ByteBuffer... requests) {
        isAsBefore(requests);
        offered.written(written);
    }

    private boolean isAsBefore(ByteBuffer... requests) {
        return offered.isAsBefore(requests, 0, requests.length);
    }

    private static ByteBuffer request(int correlationId, int content) {
        return ByteBuffer.allocate(16).putInt(12).putInt(0).putInt(correlationId).putInt(content).flip();
    }

    private static ByteBuffer rest(ByteBuffer request, int from) {
        return request.position(from);
    }
}
