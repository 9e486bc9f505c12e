package dev.kafkaboot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkaboot.protocol.message.ConsumerProtocolAssignment;
import dev.kafkaboot.protocol.message.ConsumerProtocolSubscription;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ConsumerProtocolTest {

    private static ConsumerProtocolSubscription subscription() {
        return new ConsumerProtocolSubscription()
                .topics(List.of("orders", "payments"))
                .ownedPartitions(List.of(new ConsumerProtocolSubscription.TopicPartition().topic("orders").partitions(List.of(0, 3))))
                .generationId(7)
                .rackId("west");
    }

    @Test
    void apacheReadsOurSubscription() {
        ConsumerPartitionAssignor.Subscription theirs = org.apache.kafka.clients.consumer.internals.ConsumerProtocol.deserializeSubscription(
                ByteBuffer.wrap(ConsumerProtocol.encode(subscription())));

        assertThat(theirs.topics()).containsExactly("orders", "payments");
        assertThat(theirs.ownedPartitions()).containsExactly(new TopicPartition("orders", 0), new TopicPartition("orders", 3));
        assertThat(theirs.generationId()).hasValue(7);
        assertThat(theirs.rackId()).contains("west");
    }

    @Test
    void weReadTheSubscriptionOfApache() {
        ByteBuffer theirs = org.apache.kafka.clients.consumer.internals.ConsumerProtocol.serializeSubscription(
                new ConsumerPartitionAssignor.Subscription(
                        List.of("orders", "payments"),
                        null,
                        List.of(new TopicPartition("orders", 0), new TopicPartition("orders", 3)),
                        7,
                        Optional.of("west")));

        assertThat(ConsumerProtocol.readSubscription(bytes(theirs))).isEqualTo(subscription());
    }

    @Test
    void assignmentsGoBothWays() {
        ConsumerProtocolAssignment ours = new ConsumerProtocolAssignment().assignedPartitions(
                List.of(new ConsumerProtocolAssignment.TopicPartition().topic("orders").partitions(List.of(1, 2))));
        ConsumerPartitionAssignor.Assignment theirs =
                new ConsumerPartitionAssignor.Assignment(List.of(new TopicPartition("orders", 1), new TopicPartition("orders", 2)));

        assertThat(org.apache.kafka.clients.consumer.internals.ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(ConsumerProtocol.encode(ours)))
                .partitions()).isEqualTo(theirs.partitions());
        assertThat(ConsumerProtocol.readAssignment(bytes(
                org.apache.kafka.clients.consumer.internals.ConsumerProtocol.serializeAssignment(theirs)))).isEqualTo(ours);
    }

    @Test
    void ofANewerVersionWhatIsKnownIsRead() {
        byte[] newest = ConsumerProtocol.encode(subscription());
        byte[] newer = ByteBuffer.allocate(newest.length + 5).put(newest).putShort(0, (short) 99).array();

        assertThat(ConsumerProtocol.readSubscription(newer)).isEqualTo(subscription());
    }

    @Test
    void bytesThatAreNoneAreRefused() {
        assertThatThrownBy(() -> ConsumerProtocol.readSubscription(new byte[0])).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> ConsumerProtocol.readAssignment(new byte[] {-1, -1, 0, 0, 0, 0})).isInstanceOf(UnsupportedVersionException.class);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
