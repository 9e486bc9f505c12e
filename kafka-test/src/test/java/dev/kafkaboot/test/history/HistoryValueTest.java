package dev.kafkaboot.test.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HistoryValueTest {

    private static final HistoryValue VALUE = new HistoryValue(42, "bestellungen-ü", 3, "producer/2");

    @Test
    void payloadIsReadBack() {
        assertThat(HistoryValue.decode(VALUE.encode())).isEqualTo(VALUE);
    }

    @Test
    void everyFlippedBitIsSeen() {
        byte[] payload = VALUE.encode();
        for (int bit = 0; bit < payload.length * 8; bit++) {
            byte[] damaged = payload.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(HistoryValue.decode(damaged)).as("bit %d", bit).isNull();
        }
    }

    @Test
    void everyOtherLengthIsSeen() {
        byte[] payload = VALUE.encode();
        for (int length = 0; length < payload.length; length++) {
            assertThat(HistoryValue.decode(Arrays.copyOf(payload, length))).as("length %d", length).isNull();
        }
        assertThat(HistoryValue.decode(Arrays.copyOf(payload, payload.length + 1))).isNull();
        assertThat(HistoryValue.decode(null)).isNull();
    }

    @Test
    void valueKnowsWhereItBelongs() {
        assertThat(VALUE.belongsTo(new PartitionId("bestellungen-ü", 3))).isTrue();
        assertThat(VALUE.belongsTo(new PartitionId("bestellungen-ü", 2))).isFalse();
        assertThat(VALUE.belongsTo(new PartitionId("orders", 3))).isFalse();
        assertThat(new HistoryValue(1, "orders", PartitionId.UNKNOWN, "p").belongsTo(new PartitionId("orders", 9))).isTrue();
    }
}
