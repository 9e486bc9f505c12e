package dev.kafkaboot.client.producer;

import dev.kafkaboot.client.Node;
import dev.kafkaboot.client.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One broker leads every partition. */
final class AllLed implements Leaders {

    private static final Node LEADER = new Node(1, "b1", 9092, null);

    @Override
    public Node leader(TopicPartition partition) {
        return LEADER;
    }

    @Override
    public Candidates candidates(String topic, int count, @Nullable Candidates before) {
        return Candidates.all(count);
    }
}
