package dev.kafkaboot.spring.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContainerPropertiesTests {

    private static final long MIB = 1024 * 1024;

    private final ContainerProperties properties = new ContainerProperties("orders");

    @Test
    void onePartitionMayHaveWhatIsSetForItUnlessTheBytesInAllAreSetToo() {
        assertThat(properties.getMaxQueuedBytesInAll()).isEqualTo(64 * MIB);

        properties.setMaxQueuedBytes(128 * MIB);
        assertThat(properties.shareOfQueuedBytes(1)).isEqualTo(128 * MIB);

        properties.setMaxQueuedBytesInAll(32 * MIB);
        assertThat(properties.shareOfQueuedBytes(1)).isEqualTo(32 * MIB);
    }

    @Test
    void shareOfOneOfManyPartitionsIsNotLessThanABatchMayBe() {
        assertThat(properties.shareOfQueuedBytes(64)).isEqualTo(MIB);
        assertThat(properties.shareOfQueuedBytes(10_000)).isEqualTo(256 * 1024);
    }
}
