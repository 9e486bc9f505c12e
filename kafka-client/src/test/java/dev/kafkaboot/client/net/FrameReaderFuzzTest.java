package dev.kafkaboot.client.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kafkaboot.protocol.ApiKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Any stream, in pieces of any sizes, is cut into the frames that it holds, and its end, or a length that cannot be right, is told by the exception that is
 * meant for it; in a number of reads that the number of pieces explains.
 */
class FrameReaderFuzzTest {

    private static final int LARGEST_FRAME = 2_000;
    private static final int KEPT_BYTES = 1 << 20;

    private enum End {
        BETWEEN_FRAMES, INSIDE_FRAME, WRONG_LENGTH
    }

    /**
     * One stream.
     *
     * @param input a byte that chooses the sizes of the pieces, then the stream
     */
    @FuzzTest
    void frames(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] stream = Arrays.copyOfRange(input, 1, input.length);
        List<ByteBuffer> expected = new ArrayList<>();
        End expectedEnd = cut(stream, expected);
        ReceiveBufferPool pool = new ReceiveBufferPool(KEPT_BYTES);
        FrameReader reader = new FrameReader(pool, (size, begin) -> Diagnosis.checkSize(size, LARGEST_FRAME, begin, ApiKey.METADATA));
        PiecewiseTransport transport = new PiecewiseTransport(stream, input[0]);
        List<ByteBuffer> frames = new ArrayList<>();

        End end = readAll(reader, transport, pool, frames);
        reader.close();

        assertThat(frames).isEqualTo(expected);
        assertThat(end).isEqualTo(expectedEnd);
        // A frame takes a read for its length and one for its rest, and every piece is followed by a read that finds nothing.
        assertThat(transport.reads()).isLessThanOrEqualTo(2 * transport.pieces() + 2 * frames.size() + 2);
        assertThat(pool.keptBytes()).isLessThanOrEqualTo(2 * LARGEST_FRAME);
    }

    private static End readAll(FrameReader reader, Transport transport, ReceiveBufferPool pool, List<ByteBuffer> frames) throws IOException {
        try {
            while (true) {
                ByteBuffer frame = reader.next(transport);
                if (frame != null) {
                    frames.add(ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip());
                    pool.give(frame);
                }
            }
        } catch (FrameReader.EndOfStream end) {
            return end.isInsideFrame() ? End.INSIDE_FRAME : End.BETWEEN_FRAMES;
        } catch (ConnectionProblem wrongLength) {
            assertThat(wrongLength).hasMessageMatching("(?s).{10,}");
            return End.WRONG_LENGTH;
        }
    }

    /** Cuts a stream that is all there. */
    private static End cut(byte[] stream, List<ByteBuffer> frames) {
        ByteBuffer rest = ByteBuffer.wrap(stream);
        while (rest.remaining() >= Integer.BYTES) {
            int size = rest.getInt();
            if (size < Integer.BYTES || size > LARGEST_FRAME) {
                return End.WRONG_LENGTH;
            }
            if (size > rest.remaining()) {
                return End.INSIDE_FRAME;
            }
            frames.add(rest.slice(rest.position(), size));
            rest.position(rest.position() + size);
        }
        return rest.hasRemaining() ? End.INSIDE_FRAME : End.BETWEEN_FRAMES;
    }
}
