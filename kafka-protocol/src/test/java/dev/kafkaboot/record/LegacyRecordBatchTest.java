package dev.kafkaboot.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LegacyRecordBatchTest {

    private static final DecompressionLimits NARROW = new DecompressionLimits(1_000, 1);

    /** A message of version 1. */
    private static ByteBuffer message(long offset, int attributes, byte[] value) {
        ByteBuffer message = ByteBuffer.allocate(34 + value.length);
        message.putLong(offset).putInt(22 + value.length).putInt(0).put((byte) 1).put((byte) attributes).putLong(1_700_000_000_000L);
        return message.putInt(-1).putInt(value.length).put(value).flip();
    }

    private static byte[] gzip(ByteBuffer... messages) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (ByteBuffer message : messages) {
                gzip.write(message.array(), 0, message.limit());
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void firstOffsetOfACompressedSetIsFoundWithinTheLimitsThatTheReaderHas() throws IOException {
        byte[] inner = gzip(message(0, 0, new byte[2_000]), message(1, 0, new byte[2_000]), message(2, 0, new byte[2_000]));
        ByteBuffer set = message(102, 1, inner);

        assertThat(RecordBatches.read(set).next().baseOffset()).isEqualTo(100);
        RecordBatch narrow = RecordBatches.read(set, NARROW).next();
        assertThatThrownBy(narrow::baseOffset).isInstanceOf(CorruptRecordException.class).hasMessageContaining("1000 bytes");
        assertThat(narrow.lastOffset()).isEqualTo(102);
    }

    @Test
    void offsetInsideThatIsBehindTheOneInFrontIsRefusedAndNotBelieved() throws IOException {
        ByteBuffer set = message(102, 1, gzip(message(7_000, 0, new byte[1]), message(2, 0, new byte[1])));

        try (RecordCursor cursor = RecordBatches.read(set).next().cursor(DecompressionLimits.DEFAULT)) {
            assertThatThrownBy(cursor::next).isInstanceOf(CorruptRecordException.class).hasMessageContaining("7100");
        }
    }

    @Test
    void messageInsideThatEndsInItsOffsetIsCorrupt() throws IOException {
        RecordBatch batch = RecordBatches.read(message(102, 1, gzip(ByteBuffer.wrap(new byte[3])))).next();

        assertThatThrownBy(() -> batch.cursor(DecompressionLimits.DEFAULT)).isInstanceOf(CorruptRecordException.class).hasMessageContaining("cut off");
    }

    @Test
    void offsetThatNoLogHasIsRefusedByTheCheckOfABatch() {
        RecordBatch batch = RecordBatches.read(withChecksum(message(-5, 0, new byte[1]))).next();

        assertThatThrownBy(batch::ensureValid).isInstanceOf(CorruptRecordException.class).hasMessageContaining("-5");
    }

    private static ByteBuffer withChecksum(ByteBuffer message) {
        Checksums.fix(message.array());
        return message;
    }
}
