package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class UuidTest {

    @Test
    void theTextIsTheOneOfKafka() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            Uuid ours = new Uuid(random.nextLong(), random.nextLong());
            org.apache.kafka.common.Uuid theirs = new org.apache.kafka.common.Uuid(ours.mostSignificantBits(), ours.leastSignificantBits());

            assertThat(ours.toString()).isEqualTo(theirs.toString());
            assertThat(Uuid.fromString(theirs.toString())).isEqualTo(ours);
        }
        assertThat(Uuid.ZERO.toString()).isEqualTo(org.apache.kafka.common.Uuid.ZERO_UUID.toString());
    }

    @Test
    void bothHalvesCountForEquality() {
        Uuid one = new Uuid(1, 2);

        assertThat(one).isEqualTo(new Uuid(1, 2)).hasSameHashCodeAs(new Uuid(1, 2));
        assertThat(one).isNotEqualTo(new Uuid(1, 3)).isNotEqualTo(new Uuid(3, 2)).isNotEqualTo(null);
    }

    @Test
    void aTextThatIsNoneIsRefused() {
        assertThatThrownBy(() -> Uuid.fromString("AAAA")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'AAAA' is not a Kafka UUID: it has 3 bytes and not 16");
        assertThatThrownBy(() -> Uuid.fromString("orders!")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("orders!");
    }
}
