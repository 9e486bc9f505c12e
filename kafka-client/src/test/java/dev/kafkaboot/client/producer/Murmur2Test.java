package dev.kafkaboot.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class Murmur2Test {

    @Test
    void keysGoToThePartitionsThatApachesProducerChooses() {
        Random random = new Random(3);
        for (int i = 0; i < 5_000; i++) {
            byte[] key = new byte[random.nextInt(40)];
            random.nextBytes(key);

            assertThat(Murmur2.hash(key)).isEqualTo(Utils.murmur2(key));
            assertThat(Murmur2.partition(key, 12)).isEqualTo(BuiltInPartitioner.partitionForKey(key, 12));
        }
    }
}
