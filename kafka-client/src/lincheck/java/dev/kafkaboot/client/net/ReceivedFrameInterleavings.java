package dev.kafkaboot.client.net;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import dev.kafkaboot.client.interleaving.Hands;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ReceivedFrameInterleavings {

    private static final int SIZE = 256;

    @Test
    void bufferComesBackOnceWhenTheLastReferenceIsReleasedAndNotBefore() {
        explore(() -> {
            ReceiveBufferPool pool = new ReceiveBufferPool(10 * SIZE);
            ReceivedFrame<?> frame = Frames.of(pool.take(SIZE), pool);
            frame.retain();

            together(frame::release, frame::release, () -> {
                useIfThere(frame, pool);
                useIfThere(frame, pool); // a first attempt that was refused has not brought it back
            });

            check(pool.keptBytes() == SIZE, "the buffer is back once: " + pool.keptBytes());
        });
    }

    private static void useIfThere(ReceivedFrame<?> frame, ReceiveBufferPool pool) {
        try {
            frame.retain();
        } catch (IllegalStateException released) {
            return; // too late, and told so
        }
        check(pool.keptBytes() == 0, "what is referred to is not in the pool");
        frame.release();
    }

    @Test
    void bufferIsInOneHandAtATimeAndWhatIsKeptIsBounded() {
        explore(() -> {
            ReceiveBufferPool pool = new ReceiveBufferPool(SIZE);
            Hands hands = new Hands(2);
            pool.give(ByteBuffer.allocate(SIZE));

            together(() -> use(pool, hands, 0), () -> use(pool, hands, 1));

            check(pool.keptBytes() == SIZE, "one is kept, as many as may be: " + pool.keptBytes());
        });
    }

    @Test
    void whatIsKeptIsCountedWhoeverTakesAndGives() {
        explore(() -> {
            ReceiveBufferPool pool = new ReceiveBufferPool(10 * SIZE);
            Hands hands = new Hands(2);
            pool.give(ByteBuffer.allocate(SIZE));
            pool.give(ByteBuffer.allocate(SIZE));

            together(() -> use(pool, hands, 0), () -> use(pool, hands, 1));

            check(pool.keptBytes() == 2 * SIZE, "both are kept: " + pool.keptBytes());
        });
    }

    private static void use(ReceiveBufferPool pool, Hands hands, int thread) {
        ByteBuffer buffer = pool.take(SIZE);
        hands.take(thread, buffer);
        hands.putDown(thread);
        pool.give(buffer);
    }
}
