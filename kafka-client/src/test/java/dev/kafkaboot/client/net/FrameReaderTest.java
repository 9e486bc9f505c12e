package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** How the stream of a connection is cut into frames, where a socket cannot be made to do it. */
class FrameReaderTest {

    private final ReceiveBufferPool pool = new ReceiveBufferPool(1024 * 1024);
    private final FrameReader reader = new FrameReader(pool, (size, begin) -> {});

    /** Has the length of a frame, and then does what a test says. */
    private abstract static class Source implements IncomingTransport {

        private boolean begun;

        @Override
        public int read(ByteBuffer target) {
            if (begun) {
                return more(target);
            }
            begun = true;
            target.putInt(1_000);
            return Integer.BYTES;
        }

        abstract int more(ByteBuffer target);
    }

    @Test
    void memoryThatTheSocketLacksIsAProblemOfTheConnection() {
        Source source = new Source() {
            @Override
            int more(ByteBuffer target) {
                throw new OutOfMemoryError("thrown by a test, on purpose");
            }
        };

        assertThatThrownBy(() -> reader.next(source))
                .isInstanceOf(ConnectionProblem.class)
                .hasMessage("sent an answer of 1000 bytes, for which there is no memory: thrown by a test, on purpose");
    }

    @Test
    void bufferOfAFrameThatIsNotThereAsAWholeComesBack() throws IOException {
        Source source = new Source() {
            @Override
            int more(ByteBuffer target) {
                return 0;
            }
        };
        assertThat(reader.next(source)).isNull();

        reader.close();

        assertThat(pool.keptBytes()).isEqualTo(1_024);
    }
}
