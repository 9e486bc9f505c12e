package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.message.FetchResponse;
import dev.kafkaboot.protocol.message.MetadataResponse;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Bytes that are not what they should be are refused by a {@link ProtocolException}, and cost no more memory than their size explains. */
class HostileInputTest {

    private static final int MUTATIONS = 40;

    /** What a failure costs by itself: its stack trace, and the capacity that a few nested arrays were given in advance. */
    private static final long FIXED_COST = 256 << 10;

    /** The largest structures have some hundred bytes of memory for the least that they take up at the wire. */
    private static final long COST_PER_BYTE = 200;

    private static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TestFactory
    Stream<DynamicTest> everyMessageThatIsCutShortOrChangedIsReadOrRefused() throws Exception {
        return MessagePairs.names().stream().map(name -> DynamicTest.dynamicTest(name, () -> breakEveryVersion(name)));
    }

    private static void breakEveryVersion(String name) throws Exception {
        Class<?> type = MessagePairs.ourClass(name);
        Message sample = MessagePairs.newOurs(type);
        for (short version = sample.lowestSupportedVersion(); version <= sample.highestSupportedVersion(); version++) {
            byte[] valid = RandomPair.bytes(name, version, /* seed= */ version);
            everyPrefixIsRefused(type, version, valid);
            Random random = new Random(version);
            for (int i = 0; i < MUTATIONS; i++) {
                isRefused(type, version, mutated(valid, random));
            }
        }
    }

    private static void everyPrefixIsRefused(Class<?> type, short version, byte[] valid) throws Exception {
        int step = Math.max(1, valid.length / 200);
        for (int length = 0; length < valid.length; length += step) {
            assertThat(isRefused(type, version, Arrays.copyOf(valid, length))).as("%s of %s bytes", length, valid.length).isTrue();
        }
    }

    private static byte[] mutated(byte[] valid, Random random) {
        byte[] broken = valid.clone();
        for (int i = random.nextInt(4); i >= 0 && broken.length > 0; i--) {
            broken[random.nextInt(broken.length)] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextBoolean() ? 0xff : 0x7f);
        }
        return broken;
    }

    /** Reads, bounded in memory; whether it was refused. Anything but a {@link ProtocolException} fails the test. */
    private static boolean isRefused(Class<?> type, short version, byte[] bytes) throws Exception {
        Message message = MessagePairs.newOurs(type);
        boolean refused = false;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            message.read(new Reader(ByteBuffer.wrap(bytes)), version);
        } catch (ProtocolException expected) {
            refused = true;
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("%s version %s, %s bytes", type.getSimpleName(), version, bytes.length)
                .isLessThan(FIXED_COST + COST_PER_BYTE * bytes.length);
        return refused;
    }

    @Test
    void theSmallestElementsThatThereAreCostNoMoreThanTheirSizeExplains() throws Exception {
        byte[] topics = fetchResponseOfTopics(349_000, 349_000);

        assertThat(isRefused(FetchResponse.class, (short) 12, topics)).isFalse();
    }

    @Test
    void countsThatCannotFitAreRefusedBeforeTheFirstElementIsRead() {
        byte[] topics = fetchResponseOfTopics(400_000, 100_000);

        assertThatThrownBy(() -> new FetchResponse().read(new Reader(ByteBuffer.wrap(topics)), (short) 12))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("An array claims 400000 elements of 3 or more bytes where 300001 bytes remain (at byte 13)");
    }

    /** A Fetch response, version 12, that claims so many topics and has so many, each without a name and without partitions. */
    private static byte[] fetchResponseOfTopics(int claimed, int given) {
        Writer out = new Writer();
        out.writeInt(0);
        out.writeShort((short) 0);
        out.writeInt(0);
        out.writeUnsignedVarint(claimed + 1);
        for (int i = 0; i < given; i++) {
            out.writeRaw(new byte[] {1, 1, 0});
        }
        out.writeUnsignedVarint(0);
        return out.toByteArray();
    }

    @Test
    void aMessageThatIsReadAfterAFailureIsReadWhole() {
        MetadataResponse message = new MetadataResponse();
        byte[] valid = MessagePairs.bytes(new MetadataResponse().clusterId("a"), (short) 9);
        assertThatThrownBy(() -> message.read(new Reader(ByteBuffer.wrap(valid, 0, 5)), (short) 9)).isInstanceOf(MalformedMessageException.class);

        message.read(new Reader(ByteBuffer.wrap(valid)), (short) 9);

        assertThat(message).isEqualTo(new MetadataResponse().clusterId("a"));
    }
}
