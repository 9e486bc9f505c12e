package dev.kafkaboot.protocol;

import static dev.kafkaboot.protocol.MessagePairs.bytes;
import static dev.kafkaboot.protocol.MessagePairs.newOurs;
import static dev.kafkaboot.protocol.MessagePairs.newTheirs;
import static dev.kafkaboot.protocol.MessagePairs.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kafkaboot.fuzz.Direct;
import dev.kafkaboot.fuzz.Memory;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes are read as the message that they should be, in the version that they should have, or refused with a {@link ProtocolException}, at a cost that
 * their number explains. What was read is written and read again as the same; what Apache's class reads as well has the same values and is written as the
 * same bytes; and what Apache's class would write just so is not refused.
 */
class MessageFuzzTest {

    /** What a failure costs by itself: its stack trace, and the capacity that a few nested arrays were given in advance. */
    private static final long FIXED_COST = 512 << 10;

    /** The largest structures have some hundred bytes of memory for the least that they take up at the wire. */
    private static final long COST_PER_BYTE = 200;

    /**
     * One message.
     *
     * @param input what {@link SelectedMessage} says, then the message's bytes
     */
    @FuzzTest
    void message(byte[] input) throws Exception {
        SelectedMessage selected = SelectedMessage.of(input);
        if (selected == null) {
            return;
        }
        Message ours = newOurs(selected.ours());
        Reading reading = new Reading(ours, selected.version(), ByteBuffer.wrap(selected.body()));
        Memory.within(FIXED_COST + COST_PER_BYTE * selected.body().length, reading);

        Reading outsideTheHeap = new Reading(newOurs(selected.ours()), selected.version(), Direct.copy(selected.body()));
        outsideTheHeap.run();
        assertThat(outsideTheHeap.outcome()).as("outside the heap").isEqualTo(reading.outcome());

        org.apache.kafka.common.protocol.Message theirs = readTheirs(selected);
        if (reading.refusal != null) {
            assertThat(reading.refusal).hasMessageMatching("(?s).{10,}");
            assertThat(theirs == null || !wouldWriteJustSo(theirs, selected)).as("%s is refused: %s", selected, reading.refusal.getMessage()).isTrue();
            return;
        }
        byte[] again = bytes(ours, selected.version());
        Message copy = newOurs(selected.ours());
        copy.read(new Reader(ByteBuffer.wrap(again)), selected.version());
        assertThat(copy).as(selected.toString()).isEqualTo(ours);
        if (theirs != null) {
            assertThat(SameValues.difference(ours, theirs)).as(selected.toString()).isNull();
            assertThat(again).as(selected.toString()).isEqualTo(write(theirs, selected.version()));
        }
    }

    private static final class Reading implements Runnable {

        private final Message message;
        private final short version;
        private final ByteBuffer body;
        private @Nullable ProtocolException refusal;

        private Reading(Message message, short version, ByteBuffer body) {
            this.message = message;
            this.version = version;
            this.body = body;
        }

        /** The message, or why there is none. */
        Object outcome() {
            return refusal == null ? message : refusal.toString();
        }

        @Override
        public void run() {
            try {
                message.read(new Reader(body), version);
            } catch (ProtocolException refused) {
                refusal = refused;
            }
        }
    }

    private static org.apache.kafka.common.protocol.@Nullable Message readTheirs(SelectedMessage selected) throws ReflectiveOperationException {
        org.apache.kafka.common.protocol.Message theirs = newTheirs(selected.theirs());
        try {
            theirs.read(new ByteBufferAccessor(ByteBuffer.wrap(selected.body())), selected.version());
            return theirs;
        } catch (RuntimeException refused) {
            return null;
        }
    }

    private static boolean wouldWriteJustSo(org.apache.kafka.common.protocol.Message theirs, SelectedMessage selected) {
        try {
            return ByteBuffer.wrap(write(theirs, selected.version())).equals(ByteBuffer.wrap(selected.body()));
        } catch (RuntimeException readAndNotWritten) {
            return false; // tags that are not in their order
        }
    }
}
