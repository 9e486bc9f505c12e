package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BytesTest {

    private final Bytes split = Bytes.of(ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {9, 3, 9}, 1, 1));
    private final Bytes whole = Bytes.wrap(new byte[] {1, 2, 3});

    @Test
    void bytesAreEqualHoweverTheyAreSplit() {
        assertThat(split).isEqualTo(whole).hasSameHashCodeAs(whole).isNotEqualTo(Bytes.wrap(new byte[] {1, 2, 4})).isNotEqualTo(Bytes.EMPTY);
        assertThat(Bytes.EMPTY).isEqualTo(Bytes.of(List.of())).isEqualTo(Bytes.wrap(new byte[0]));
    }

    @Test
    void readingOneOfTheBuffersMovesNobodyElse() {
        ByteBuffer given = ByteBuffer.wrap(new byte[] {1, 2, 3});
        Bytes bytes = Bytes.of(given);

        given.get();
        bytes.buffers().get(0).getShort();
        bytes.toSingleBuffer().getShort();

        assertThat(bytes.toByteArray()).containsExactly(1, 2, 3);
        assertThat(bytes.size()).isEqualTo(3);
    }

    @Test
    void oneBufferIsNotCopiedAndSeveralAre() {
        byte[] array = {1, 2, 3};
        ByteBuffer single = Bytes.wrap(array).toSingleBuffer();
        array[0] = 7;

        assertThat(single.get(0)).isEqualTo((byte) 7);
        assertThat(split.toSingleBuffer().remaining()).isEqualTo(3);
    }

    @Test
    void theTextTellsTheSizeAndNotTheContent() {
        assertThat(split).hasToString("3 bytes");
    }
}
