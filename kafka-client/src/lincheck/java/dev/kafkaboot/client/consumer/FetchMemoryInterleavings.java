package dev.kafkaboot.client.consumer;

import static dev.kafkaboot.client.interleaving.Interleavings.check;
import static dev.kafkaboot.client.interleaving.Interleavings.explore;
import static dev.kafkaboot.client.interleaving.Interleavings.together;

import dev.kafkaboot.client.net.Frames;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FetchMemoryInterleavings {

    @Test
    void memoryThatIsGrantedIsThere() {
        explore(() -> {
            FetchMemory memory = new FetchMemory(10);
            AtomicInteger granted = new AtomicInteger();

            together(() -> granted.addAndGet((int) memory.reserve(6, 1)), () -> granted.addAndGet((int) memory.reserve(6, 1)));

            check(memory.used() == granted.get() && granted.get() == 10, "all that there is, and no more: " + granted.get());
        });
    }

    @Test
    void memoryComesBackWhole() {
        explore(() -> {
            FetchMemory memory = new FetchMemory(10);

            together(() -> memory.release(memory.reserve(4, 1)), () -> memory.release(memory.reserve(4, 1)));

            check(memory.used() == 0, "nothing is in use: " + memory.used());
        });
    }

    @Test
    void frameIsGivenBackOnceByTheLastOfItsUsers() {
        explore(() -> {
            FetchMemory memory = new FetchMemory(1_000);
            AtomicInteger freed = new AtomicInteger();
            FetchedFrame frame = new FetchedFrame(Frames.of(ByteBuffer.allocate(300)), memory, freed::incrementAndGet);
            frame.retain();

            together(frame::release, frame::release);

            check(freed.get() == 1 && memory.used() == 0, "its memory is back: " + memory.used());
        });
    }
}
