package dev.kafkaboot.samples.orders;

import dev.kafkaboot.client.TopicPartition;
import dev.kafkaboot.client.consumer.ConsumerRebalanceListener;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes to the log which partitions come and go. */
@Component
class AssignmentLog implements ConsumerRebalanceListener {

    private static final Logger logger = LoggerFactory.getLogger(AssignmentLog.class);

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        logger.info("Assigned: {}", partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        logger.info("Revoked: {}", partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        logger.warn("Lost: {}", partitions);
    }
}
