package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.ApiKey;
import dev.kafkaboot.protocol.message.MetadataRequest;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final List<PendingRequest<?>> written = new ArrayList<>();
    private final Outbox outbox = new Outbox(written::add);

    private PendingRequest<MetadataResponse> add(int size) {
        PendingRequest<MetadataResponse> request = new PendingRequest<>(ApiKey.METADATA, version -> new MetadataRequest(), "test",
                RequestOptions.of(ConnectionClass.GENERAL, Duration.ofSeconds(5)), 0);
        outbox.add(request, List.of(ByteBuffer.allocate(size)));
        return request;
    }

    /** Takes the first request and the half of the second, and then fails. */
    private static final class FailingTransport implements Transport {

        @Override
        public int read(ByteBuffer target) {
            return 0;
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            sources[offset].position(10);
            sources[offset + 1].position(5);
            throw new IOException("Connection reset by peer");
        }

        @Override
        public void wantWrite(boolean wanted) {}

        @Override
        public void wantRead(boolean wanted) {}

        @Override
        public void close() {}
    }

    @Test
    void requestThatWasWhollyTakenBeforeTheWriteFailedMayHaveBeenReceived() {
        PendingRequest<?> whole = add(10);
        PendingRequest<?> half = add(10);

        assertThatThrownBy(() -> outbox.writeTo(new FailingTransport())).isInstanceOf(IOException.class);

        assertThat(written).containsExactly(whole);
        assertThat(whole.isWritten()).isTrue();
        assertThat(half.isWritten()).isFalse();
        assertThat(outbox.isHalfWritten(half)).isTrue();
    }
}
